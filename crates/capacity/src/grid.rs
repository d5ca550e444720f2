//! A grid of runs over several values of one key or two (`--vary`).

use scenario::Vary;

/// One cell: the values set in it, as `KEY=VALUE`.
pub type Cell = Vec<String>;

/// All cells, the first key changing slowest.
pub fn cells(vary: &[Vary]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![Vec::new()];
    for axis in vary {
        let with = |cell: &Cell, value: &String| {
            let mut longer = cell.clone();
            longer.push(format!("{}={value}", axis.key));
            longer
        };
        cells = cells
            .iter()
            .flat_map(|cell| axis.values.iter().map(move |value| with(cell, value)))
            .collect();
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_meets_every_other_once() {
        let axis = |key: &str, values: &[&str]| Vary {
            key: key.to_owned(),
            values: values.iter().map(|it| (*it).to_owned()).collect(),
        };
        let cells = cells(&[axis("a", &["1", "2"]), axis("b", &["x", "y"])]);
        let texts: Vec<String> = cells.iter().map(|cell| cell.join(" ")).collect();
        assert_eq!(texts, ["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"]);
        assert_eq!(super::cells(&[]), [Cell::new()]);
    }
}
