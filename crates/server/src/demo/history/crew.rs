//! Who stands where: forty workers for some forty-four places a day, so that now and then a place stays empty.
//!
//! Each area has people of its own. They change shifts by the week, keep to their stations by and large, and work
//! once a day.

use super::dice::Dice;
use crate::demo::shifts::Turn;
use crate::demo::stations::{self, ASSEMBLY, FINISHING, MACHINING, MOULDING};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// Of a thousand days of a worker, so many he is away.
const AWAY: u64 = 20;

/// The people of some areas, by number, and how many of them work in each shift.
struct Team {
    areas: &'static [&'static str],
    workers: std::ops::Range<usize>,
    shifts: &'static [usize],
}

const TEAMS: [Team; 3] = [
    Team { areas: &[MOULDING], workers: 0..16, shifts: &[6, 5, 5] },
    Team { areas: &[MACHINING], workers: 16..31, shifts: &[8, 7] },
    Team { areas: &[FINISHING, ASSEMBLY], workers: 31..40, shifts: &[9] },
];

/// The worker at each station of a turn, by the numbers of both.
pub(super) type Posts = BTreeMap<usize, usize>;

/// Who works where in each of these turns.
pub(super) fn posts(turns: &[Turn], dice: &mut Dice) -> Vec<Posts> {
    turns.iter().map(|turn| posts_of(turn, dice)).collect()
}

fn posts_of(turn: &Turn, dice: &mut Dice) -> Posts {
    let Some(team) = TEAMS.iter().find(|team| team.areas == turn.areas) else { return Posts::new() };
    let places: Vec<usize> =
        (0..stations::BASIC.len()).filter(|number| turn.areas.contains(&stations::BASIC[*number].3)).collect();
    // Whose place stays empty goes round with the days.
    let short = team.shifts.get(turn.place).map_or(0, |people| places.len().saturating_sub(*people));
    let day = usize::try_from(turn.day.num_days_from_ce()).unwrap_or_default();
    let empty: Vec<usize> = (0..short).map(|n| (day * 7 + turn.place * 3 + n) % places.len()).collect();
    let manned = places.into_iter().enumerate().filter(|(place, _)| !empty.contains(place));
    let here = on_shift(team, turn.place, turn.day);
    manned.map(|(_, station)| station).zip(here).filter(|_| !dice.comes(AWAY)).collect()
}

/// The workers of a team who have this shift in the week of a day: whoever had the late one has the early one next.
fn on_shift(team: &Team, place: usize, day: NaiveDate) -> Vec<usize> {
    let workers: Vec<usize> = team.workers.clone().collect();
    let week = usize::try_from(day.num_days_from_ce() / 7).unwrap_or_default();
    let before: usize = team.shifts.iter().take(place).sum();
    let many = team.shifts.get(place).copied().unwrap_or_default();
    let turn = week * team.shifts.first().copied().unwrap_or_default();
    (before..before + many).map(|n| workers[(n + turn) % workers.len()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::shifts::turns;
    use std::collections::BTreeSet;

    fn three_weeks() -> (Vec<Turn>, Vec<Posts>) {
        let turns = turns(NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day"), 21);
        let posts = posts(&turns, &mut Dice::new(1));
        (turns, posts)
    }

    #[test]
    fn nobody_works_twice_a_day_or_at_two_stations() {
        let (turns, posts) = three_weeks();
        let mut seen = BTreeSet::new();
        for (turn, posts) in turns.iter().zip(&posts) {
            for worker in posts.values() {
                assert!(seen.insert((turn.day, *worker)), "{} works twice on {}", worker, turn.day);
            }
        }
    }

    #[test]
    fn between_two_shifts_of_one_worker_lie_eleven_hours() {
        let (turns, posts) = three_weeks();
        let mut last = BTreeMap::new();
        for (turn, posts) in turns.iter().zip(&posts) {
            for worker in posts.values() {
                if let Some(before) = last.insert(*worker, turn.until) {
                    assert!(turn.from.millis_since(before) >= 11 * 3_600_000, "{worker} at {}", turn.from);
                }
            }
        }
    }

    #[test]
    fn every_station_is_manned_most_of_its_time_and_everybody_works() {
        let (turns, posts) = three_weeks();
        for (number, row) in stations::BASIC.iter().enumerate() {
            let of = turns.iter().filter(|turn| turn.areas.contains(&row.3)).count();
            let manned = posts.iter().filter(|posts| posts.contains_key(&number)).count();
            assert!(manned * 100 >= of * 78, "{}: {manned} of {of}", row.0);
        }
        let working: BTreeSet<usize> = posts.iter().flat_map(BTreeMap::values).copied().collect();
        assert_eq!(working.len(), 40);
    }
}
