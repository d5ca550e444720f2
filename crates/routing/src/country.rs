//! Countries of phone numbers by calling code: whether a leg may be dialled (domain.md 3.6).
//!
//! Knows calling codes, not numbering plans: a number need not exist to lie in a country.

use crate::number::PhoneNumber;

/// Whether this is a country that a file may name: an ISO 3166 alpha-2 code in capitals, or XK.
pub fn is_known(code: &str) -> bool {
    code == "US"
        || WORLD.iter().any(|(_, country)| *country == code)
        || NORTH_AMERICA.iter().any(|(country, _)| *country == code)
        || SHARING.contains(&code)
}

/// Whether a leg to this number may be dialled: everywhere without a list, else in its countries.
pub fn dialable<C: AsRef<str>>(number: PhoneNumber, countries: Option<&[C]>) -> bool {
    let Some(countries) = countries else {
        return true;
    };
    country_of(number).is_some_and(|country| countries.iter().any(|it| it.as_ref() == country))
}

/// The country whose calling code a number starts with; none for codes that are not geographic or
/// not assigned. A code that several share is the main one's: +44 is GB also for Guernsey, Jersey
/// and Man. Within +1, what is neither Canadian nor of an island is US, fictional and toll-free
/// numbers too.
pub fn country_of(number: PhoneNumber) -> Option<&'static str> {
    let digits = number.digits();
    let length = digits.ilog10() + 1;
    let prefix = |n: u32| (n <= length).then(|| digits / 10u64.pow(length - n));
    if prefix(1) == Some(1) {
        let area = prefix(4).map(|code| (code - 1000) as u16);
        let owner = NORTH_AMERICA
            .iter()
            .find(|(_, areas)| area.is_some_and(|a| areas.contains(&a)));
        return Some(owner.map_or("US", |(country, _)| country));
    }
    [4, 3, 2, 1]
        .into_iter()
        .filter_map(prefix)
        .find_map(|code| {
            let at = WORLD
                .binary_search_by_key(&code, |(code, _)| u64::from(*code))
                .ok()?;
            Some(WORLD[at].1)
        })
}

/// Area codes of +1 outside the United States.
#[rustfmt::skip]
const NORTH_AMERICA: &[(&str, &[u16])] = &[
    ("CA", &[
        204, 226, 236, 249, 250, 257, 263, 289, 306, 343, 354, 365, 367, 368, 382, 387, 403, 416,
        418, 428, 431, 437, 438, 450, 460, 468, 474, 506, 514, 519, 537, 548, 568, 579, 581, 584,
        587, 600, 604, 613, 622, 633, 639, 644, 647, 655, 672, 677, 683, 688, 705, 709, 742, 753,
        778, 780, 782, 807, 819, 825, 851, 867, 873, 879, 902, 905, 942,
    ]),
    ("AG", &[268]), ("AI", &[264]), ("AS", &[684]), ("BB", &[246]), ("BM", &[441]), ("BS", &[242]),
    ("DM", &[767]), ("DO", &[809, 829, 849]), ("GD", &[473]), ("GU", &[671]), ("JM", &[658, 876]),
    ("KN", &[869]), ("KY", &[345]), ("LC", &[758]), ("MP", &[670]), ("MS", &[664]),
    ("PR", &[787, 939]), ("SX", &[721]), ("TC", &[649]), ("TT", &[868]), ("VC", &[784]),
    ("VG", &[284]), ("VI", &[340]),
];

/// Calling codes other than +1, in numerical order. Longer ones go before what they begin with.
#[rustfmt::skip]
const WORLD: &[(u16, &str)] = &[
    (7, "RU"),
    (20, "EG"), (27, "ZA"), (30, "GR"), (31, "NL"), (32, "BE"), (33, "FR"), (34, "ES"), (36, "HU"),
    (39, "IT"), (40, "RO"), (41, "CH"), (43, "AT"), (44, "GB"), (45, "DK"), (46, "SE"), (47, "NO"),
    (48, "PL"), (49, "DE"), (51, "PE"), (52, "MX"), (53, "CU"), (54, "AR"), (55, "BR"), (56, "CL"),
    (57, "CO"), (58, "VE"), (60, "MY"), (61, "AU"), (62, "ID"), (63, "PH"), (64, "NZ"), (65, "SG"),
    (66, "TH"), (76, "KZ"), (77, "KZ"), (81, "JP"), (82, "KR"), (84, "VN"), (86, "CN"), (90, "TR"),
    (91, "IN"), (92, "PK"), (93, "AF"), (94, "LK"), (95, "MM"), (98, "IR"),
    (211, "SS"), (212, "MA"), (213, "DZ"), (216, "TN"), (218, "LY"), (220, "GM"), (221, "SN"),
    (222, "MR"), (223, "ML"), (224, "GN"), (225, "CI"), (226, "BF"), (227, "NE"), (228, "TG"),
    (229, "BJ"), (230, "MU"), (231, "LR"), (232, "SL"), (233, "GH"), (234, "NG"), (235, "TD"),
    (236, "CF"), (237, "CM"), (238, "CV"), (239, "ST"), (240, "GQ"), (241, "GA"), (242, "CG"),
    (243, "CD"), (244, "AO"), (245, "GW"), (246, "IO"), (247, "SH"), (248, "SC"), (249, "SD"),
    (250, "RW"), (251, "ET"), (252, "SO"), (253, "DJ"), (254, "KE"), (255, "TZ"), (256, "UG"),
    (257, "BI"), (258, "MZ"), (260, "ZM"), (261, "MG"), (262, "RE"), (263, "ZW"), (264, "NA"),
    (265, "MW"), (266, "LS"), (267, "BW"), (268, "SZ"), (269, "KM"), (290, "SH"), (291, "ER"),
    (297, "AW"), (298, "FO"), (299, "GL"),
    (350, "GI"), (351, "PT"), (352, "LU"), (353, "IE"), (354, "IS"), (355, "AL"), (356, "MT"),
    (357, "CY"), (358, "FI"), (359, "BG"), (370, "LT"), (371, "LV"), (372, "EE"), (373, "MD"),
    (374, "AM"), (375, "BY"), (376, "AD"), (377, "MC"), (378, "SM"), (379, "VA"), (380, "UA"),
    (381, "RS"), (382, "ME"), (383, "XK"), (385, "HR"), (386, "SI"), (387, "BA"), (389, "MK"),
    (420, "CZ"), (421, "SK"), (423, "LI"),
    (500, "FK"), (501, "BZ"), (502, "GT"), (503, "SV"), (504, "HN"), (505, "NI"), (506, "CR"),
    (507, "PA"), (508, "PM"), (509, "HT"), (590, "GP"), (591, "BO"), (592, "GY"), (593, "EC"),
    (594, "GF"), (595, "PY"), (596, "MQ"), (597, "SR"), (598, "UY"), (599, "CW"),
    (670, "TL"), (672, "NF"), (673, "BN"), (674, "NR"), (675, "PG"), (676, "TO"), (677, "SB"),
    (678, "VU"), (679, "FJ"), (680, "PW"), (681, "WF"), (682, "CK"), (683, "NU"), (685, "WS"),
    (686, "KI"), (687, "NC"), (688, "TV"), (689, "PF"), (690, "TK"), (691, "FM"), (692, "MH"),
    (850, "KP"), (852, "HK"), (853, "MO"), (855, "KH"), (856, "LA"), (880, "BD"), (886, "TW"),
    (960, "MV"), (961, "LB"), (962, "JO"), (963, "SY"), (964, "IQ"), (965, "KW"), (966, "SA"),
    (967, "YE"), (968, "OM"), (970, "PS"), (971, "AE"), (972, "IL"), (973, "BH"), (974, "QA"),
    (975, "BT"), (976, "MN"), (977, "NP"), (992, "TJ"), (993, "TM"), (994, "AZ"), (995, "GE"),
    (996, "KG"), (997, "KZ"), (998, "UZ"),
    (5993, "BQ"), (5994, "BQ"), (5997, "BQ"), (6721, "AQ"),
];

/// ISO codes of those whose calling code is counted as another's, or who have none.
#[rustfmt::skip]
const SHARING: &[&str] = &[
    "AX", "BL", "BV", "CC", "CX", "EH", "GG", "GS", "HM", "IM", "JE", "MF", "PN", "SJ", "TF", "UM",
    "YT",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn country(number: &str) -> Option<&'static str> {
        country_of(number.parse().unwrap())
    }

    #[test]
    fn a_number_lies_where_its_calling_code_says() {
        for (number, expected) in [
            ("+15555550100", "US"),
            ("+18005550100", "US"),
            ("+14165550100", "CA"),
            ("+18765550100", "JM"),
            ("+442079460000", "GB"),
            ("+441534000000", "GB"),
            ("+4779000000", "NO"),
            ("+493000000000", "DE"),
            ("+74950000000", "RU"),
            ("+77270000000", "KZ"),
            ("+3726000000", "EE"),
            ("+59990000000", "CW"),
            ("+5993180000", "BQ"),
            ("+672100000", "AQ"),
            ("+1", "US"),
            ("+7", "RU"),
        ] {
            assert_eq!(country(number), Some(expected), "{number}");
        }
    }

    #[test]
    fn what_is_not_geographic_or_not_assigned_lies_nowhere() {
        for number in [
            "+80000000000",
            "+881600000000",
            "+883000000000",
            "+999000000001",
            "+21",
            "+4",
        ] {
            assert_eq!(country(number), None, "{number}");
        }
    }

    #[test]
    fn without_a_list_every_leg_may_be_dialled() {
        let number = "+999000000001".parse().unwrap();
        assert!(dialable::<&str>(number, None));
        assert!(!dialable(number, Some(&["US", "CA"])));
        assert!(!dialable::<&str>(number, Some(&[])));
    }

    #[test]
    fn a_list_admits_its_countries_alone() {
        let canada = "+14165550100".parse().unwrap();
        assert!(dialable(canada, Some(&["US", "CA"])));
        assert!(!dialable(canada, Some(&["US"])));
    }

    #[test]
    fn all_249_iso_codes_and_kosovo_are_known_and_nothing_else() {
        let capitals = ('A'..='Z').flat_map(|a| ('A'..='Z').map(move |b| format!("{a}{b}")));
        assert_eq!(capitals.filter(|code| is_known(code)).count(), 250);
        for odd in ["us", "UK", "ZZ", "", "USA", "EU"] {
            assert!(!is_known(odd), "{odd}");
        }
    }

    #[test]
    fn the_tables_are_in_order_and_say_nothing_twice() {
        assert!(WORLD.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let areas: Vec<u16> = NORTH_AMERICA
            .iter()
            .flat_map(|(_, areas)| areas.iter().copied())
            .collect();
        assert_eq!(areas.iter().collect::<BTreeSet<_>>().len(), areas.len());
        assert!(areas.iter().all(|area| (200..1000).contains(area)));
    }
}
