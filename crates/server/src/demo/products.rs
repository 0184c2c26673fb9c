//! What the demo floor makes: products with the stations they go through.

use super::stations;

/// One step: the station's code, planned milliseconds for a piece, whether the first product wants approval.
type Step = (&'static str, u64, bool);

/// What is made, and how.
#[derive(Debug)]
pub struct Product {
    /// What it is called.
    pub name: &'static str,
    /// The way through the plant.
    pub steps: &'static [Step],
}

const fn product(name: &'static str, steps: &'static [Step]) -> Product {
    Product { name, steps }
}

/// All of them. A station is the first on some product's way, so that it never waits for another; and on the way of
/// one that wants no approval there.
pub const ALL: [Product; 38] = [
    product(
        "Valve body DN15",
        &[("SAW-01", 20_000, false), ("CNC-01", 95_000, false), ("DEB-01", 40_000, false), ("WSH-01", 10_000, false)],
    ),
    product("Valve stem M12", &[("CNC-02", 70_000, true), ("GRD-01", 55_000, false), ("WSH-01", 8_000, false)]),
    product("Bushing 20 x 28", &[("CNC-03", 45_000, false), ("WSH-01", 6_000, false)]),
    product("Mounting plate", &[("MIL-01", 170_000, false), ("DEB-01", 60_000, false), ("LSR-01", 20_000, false)]),
    product("Gearbox cover", &[("MIL-02", 260_000, false), ("DEB-01", 70_000, false), ("PNT-01", 60_000, false)]),
    product("Gearbox housing", &[("MIL-03", 420_000, true), ("WSH-01", 15_000, false), ("PNT-02", 80_000, false)]),
    product("Guide rail", &[("GRD-01", 120_000, false)]),
    product("Blank 40 mm", &[("SAW-01", 18_000, false)]),
    product("Cap, white", &[("INJ-01", 24_000, false), ("PCK-01", 8_000, false)]),
    product("Handle, black", &[("INJ-02", 32_000, true), ("LSR-01", 12_000, false)]),
    product("Cover, clear", &[("INJ-03", 40_000, false)]),
    product("Clip set", &[("INJ-04", 22_000, false), ("PCK-01", 10_000, false)]),
    product("Bottle 0.5 l", &[("BLW-01", 14_000, false)]),
    product("Profile U20", &[("EXT-01", 10_000, false)]),
    product("Panel, grey", &[("PNT-01", 90_000, false)]),
    product("Bracket, coated", &[("PNT-02", 75_000, false)]),
    product("Rings, washed", &[("WSH-01", 9_000, false)]),
    product("Edge plate", &[("DEB-01", 50_000, false)]),
    product("Type plate", &[("LSR-01", 25_000, false)]),
    product("Valve DN15", &[("ASM-01", 110_000, false), ("TST-01", 70_000, false), ("PCK-01", 30_000, false)]),
    product("Pump P3", &[("ASM-02", 190_000, true), ("TST-01", 120_000, false)]),
    product("Gear unit G2", &[("ASM-03", 300_000, false), ("TST-01", 150_000, false), ("PCK-01", 60_000, false)]),
    product("Hose, tested", &[("TST-01", 60_000, false)]),
    product("Spare parts kit", &[("PCK-01", 40_000, false)]),
    product("Flange DN40", &[("CNC-01", 140_000, false)]),
    product("Pin 8 mm", &[("CNC-02", 38_000, false)]),
    product("Nozzle", &[("CNC-03", 64_000, false)]),
    product("Spacer", &[("MIL-01", 120_000, false)]),
    product("Base plate", &[("MIL-02", 210_000, false)]),
    product("Impeller", &[("MIL-03", 380_000, false)]),
    product("Plug", &[("INJ-01", 18_000, false)]),
    product("Knob", &[("INJ-02", 26_000, false)]),
    product("Lens", &[("INJ-03", 55_000, false)]),
    product("Spool", &[("INJ-04", 34_000, false)]),
    product("Canister 5 l", &[("BLW-01", 28_000, false), ("LSR-01", 8_000, false)]),
    product("Valve block", &[("ASM-01", 150_000, false)]),
    product("Pump P1", &[("ASM-02", 140_000, false)]),
    product("Gear unit G1", &[("ASM-03", 220_000, false)]),
];

/// Who orders.
pub const CUSTOMERS: [&str; 9] = [
    "Brunnen & Söhne",
    "Northgate Hydraulics",
    "מים וכוח בע״מ",
    "Вольта Насос",
    "Aurora Beverages",
    "Kestrel Medical",
    "Tramontana Srl",
    "Delta Ferries",
    "Stock",
];

/// The number of the station with this code.
///
/// # Panics
/// Never for a code of [`ALL`]; a test holds that.
#[must_use]
pub fn station(code: &str) -> usize {
    stations::BASIC.iter().position(|row| row.0 == code).unwrap_or_default()
}

/// An order: days until it is due, the customer's place among [`CUSTOMERS`], and of which products how many.
type Order = (u64, usize, &'static [(&'static str, u64)]);

/// Orders that have not been begun when the floor opens. Between them every station has work that wants no approval,
/// and three want one as well.
pub const OPEN: [Order; 12] = [
    (4, 0, &[("Valve body DN15", 600), ("Bushing 20 x 28", 1_200)]),
    (6, 1, &[("Pin 8 mm", 2_500), ("Guide rail", 240)]),
    (5, 2, &[("Mounting plate", 300), ("Gearbox cover", 180)]),
    (9, 5, &[("Impeller", 90)]),
    (3, 4, &[("Cap, white", 8_000), ("Bottle 0.5 l", 6_000)]),
    (7, 8, &[("Knob", 4_000), ("Cover, clear", 2_000)]),
    (8, 6, &[("Clip set", 5_000), ("Profile U20", 9_000)]),
    (10, 7, &[("Bracket, coated", 400)]),
    (6, 0, &[("Valve DN15", 350)]),
    (12, 3, &[("Pump P1", 220), ("Gear unit G2", 120)]),
    (11, 1, &[("Valve stem M12", 900), ("Handle, black", 3_000)]),
    (14, 3, &[("Pump P3", 160)]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn named(name: &str) -> &'static Product {
        ALL.iter().find(|product| product.name == name).expect("a product")
    }

    #[test]
    fn ways_go_through_stations_there_are() {
        let known: BTreeSet<&str> = stations::BASIC.iter().map(|row| row.0).collect();
        assert!(ALL.iter().flat_map(|product| product.steps).all(|step| known.contains(step.0)));
        assert_eq!(ALL.iter().map(|product| product.name).collect::<BTreeSet<_>>().len(), ALL.len());
    }

    #[test]
    fn every_station_begins_something_that_wants_no_approval() {
        for (code, ..) in stations::BASIC {
            assert!(ALL.iter().any(|product| product.steps[0].0 == code && !product.steps[0].2), "{code}");
        }
    }

    #[test]
    fn the_open_orders_give_every_station_work_and_ask_for_approvals_too() {
        let steps: Vec<_> = OPEN.iter().flat_map(|order| order.2).flat_map(|(name, _)| named(name).steps).collect();
        for (code, ..) in stations::BASIC {
            assert!(steps.iter().any(|step| step.0 == code && !step.2), "{code}");
        }
        assert!(steps.iter().filter(|step| step.2).count() >= 3);
        assert!(OPEN.iter().all(|order| order.1 < CUSTOMERS.len()));
    }

    #[test]
    fn the_stations_left_alone_are_not_asked_for_approvals() {
        let alone = &stations::BASIC[..super::super::FREE];
        let asks = |code: &str| ALL.iter().flat_map(|product| product.steps).any(|step| step.0 == code && step.2);
        assert!(alone.iter().all(|row| !asks(row.0)));
    }
}
