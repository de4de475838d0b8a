package due

import (
	"bytes"
	"context"
	"encoding/csv"
	"io/fs"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
)

// LoadHolidays adds the days of calendar/*.csv of fsys (package data) that are absent; what people changed stays. The columns date,
// kind (holiday, day_off, working_day), name_kk, name_ru, name_en are read.
func LoadHolidays(ctx context.Context, w *change.Writer, fsys fs.FS) (err error) {
	defer baqylau.Wrap(&err, "due.LoadHolidays")
	names, err := fs.Glob(fsys, "calendar/*.csv")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := loadHolidays(ctx, w, fsys, name); err != nil {
			return err
		}
	}
	return nil
}

func loadHolidays(ctx context.Context, w *change.Writer, fsys fs.FS, name string) (err error) {
	defer baqylau.Wrap(&err, "file %s", name)
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(rows) == 0 {
		return err
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	var known int
	if err := w.DB.Read.NewRaw("SELECT count(*) FROM holiday WHERE source = ?", name).Scan(ctx, &known); err != nil || known == len(rows)-1 {
		return err
	}
	return w.Do(ctx, access.TheSystem(), access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
		for _, r := range rows[1:] {
			day, _, err := baqylau.ParseDate(r[at["date"]])
			if err != nil {
				return err
			}
			label := baqylau.Text{KK: r[at["name_kk"]], RU: r[at["name_ru"]], EN: r[at["name_en"]]}
			if _, err := tx.NewRaw("INSERT INTO holiday (day_on, working, name, source) VALUES (?, ?, ?, ?) ON CONFLICT (day_on) DO NOTHING",
				day.String(), r[at["kind"]] == "working_day", label.JSON(), name).Exec(ctx); err != nil {
				return err
			}
		}
		tx.Subject("holiday", name, "", map[string]any{"days": len(rows) - 1})
		return nil
	})
}
