-- +goose Up
-- What poisoned the person, as counting reads it: the drug codes of substances that caused or contributed, parted by spaces; "-" is one that the drug list has no code for, "n" after it a new
-- psychoactive one. It spares the tables of deaths the join with death_substance.
ALTER TABLE death ADD COLUMN poisons TEXT NOT NULL DEFAULT '';
UPDATE death SET poisons = COALESCE((SELECT string_agg(CASE WHEN s.drug = '' THEN '-' ELSE s.drug END || CASE WHEN s.nps THEN 'n' ELSE '' END, ' ' ORDER BY s.position)
  FROM death_substance s WHERE s.death_id = death.id AND s.role IN ('cause', 'contributing')), '');

-- A person on two registers at once is asked about when one of the two comes in.
CREATE INDEX registration_person ON registration(person) WHERE person <> '';

-- +goose Down
DROP INDEX registration_person;
ALTER TABLE death DROP COLUMN poisons;
