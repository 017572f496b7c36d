"""How often what happens: per 1,000 clients a week, or per practice a year.

No statistic of a front desk is public. Marked *assumed* is a guess of the right size; *happens* is
known to happen from vendors' pages or schemas (merging deletes the loser in OpenVPMS, Cornerstone
changes ids and purges rows, Premvet exports five years, weighings can be edited or voided), with an
assumed rate. Lives and moves go by well-known figures: a dog or cat lives for 12 to 14 years, one in
eleven Americans moves in a year. A name here is a method of `life.py`, `slips.py`, `keeping.py`,
`accidents.py` or `shop.py`.
"""

#: What really happens to people and animals, and is told at the desk.
LIFE = {
    "new_client": 6.0,  # assumed: three in ten new in a year, as many stay away
    "new_pet": 6.0,  # two pets a client of 12 years each
    "weighed": 45.0,  # assumed: more than a visit a year and animal
    "died": 3.5,
    "moved": 1.7,
    "moved_unheard": 0.4,  # assumed
    "new_email": 2.0,  # assumed
    "new_phone": 1.5,  # assumed
    "married": 0.3,  # one in sixty a year
    "given_away": 0.4,  # assumed
    "pet_renamed": 0.3,  # assumed
    "pet_gets_namesake": 0.15,  # assumed: the next Bella beside a living or dead one
}
#: What is typed wrong, and mostly put right.
SLIPS = {
    "client_name_slip": 0.4,  # assumed
    "pet_name_slip": 0.4,  # assumed
    "breed_made_exact": 1.0,  # assumed
    "birth_date_slip": 0.5,  # assumed
    "death_on_sibling": 0.15,  # happens: the other pet's file was open
    "death_taken_back": 0.2,  # happens: the wrong box, noticed in days
    "weight_slip": 0.6,  # happens: a lost decimal point, kilograms typed as pounds
    "weight_on_sibling": 0.3,  # happens
    "weighing_voided": 0.3,  # happens (Cornerstone): the one before shows again
    "weighing_backdated": 0.2,  # happens: another practice's record is entered later
    "email_slip": 0.5,  # assumed
    "email_on_other": 0.1,  # happens: another client's file was open
    "email_blanked": 0.2,  # assumed
    "weight_blanked": 0.1,  # assumed
}
#: What a desk does with rows.
KEEPING = {
    "registered_twice": 0.5,  # happens
    "doubles_merged": 0.5,  # happens: the loser's row goes, its pets move
    "id_changed": 0.1,  # happens (Cornerstone)
    "key_handed_on": 0.1,  # happens: after a purge a number is given again
    "entry_reused": 0.4,  # happens: the next pet is typed over the dead one's entry
    "entry_reused_in_two": 0.2,  # the same, with a refresh between two saves
    "entry_reused_living": 0.1,  # over a pet that was given away
    "client_typed_over": 0.1,  # happens
    "client_typed_over_in_two": 0.05,
    "client_emptied_first": 0.05,
    "clients_swapped": 0.03,  # assumed: two of a house, typed for each other and back
    "pets_swapped": 0.06,  # assumed
    "row_away": 0.3,  # happens: hidden or inactive for a while, and back
}
#: What becomes of a whole practice, a year.
ACCIDENTS = {
    "backup_put_back": 0.3,
    "column_slipped": 0.3,  # an export whose column was sorted by itself, in part or whole
    "half_written": 0.3,
    "column_emptied": 0.2,
    "units_turned": 0.2,  # the PIMS shows kilograms for pounds
    "purged": 0.5,  # honest: old clients' rows are removed
    "purge_undone": 0.2,  # they are back
    "deaths_caught_up": 0.3,  # honest: a student enters the dead of years
    "emails_collected": 0.3,  # honest: a campaign asks everybody
    "all_in_capitals": 0.2,  # honest: names are typed anew
    "town_renamed": 0.2,  # honest: ZIP codes become ZIP+4
}
#: What clients of the web shop do, per 1,000 of them a week.
SHOP = {
    "joined": 4.0,
    "saved_email": 3.0,
    "saved_address": 2.5,
    "saved_pet_name": 0.4,
    "saved_weight": 1.0,
    "added_pet": 2.0,
}
#: How people work: shares.
AT_HOME_BEFORE = 0.25  # clients of the web shop before the integration
SLIP_NOTICED = 0.7  # a slip that is put right, some days later
ANSWERED = 0.8  # of what waits, by the next refresh
NEVER_ANSWERED = 0.05
OWN_NUMBER_GIVEN = 0.6  # a practice that is told gives the newcomer a number
