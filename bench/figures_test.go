package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// figures is how many observations the explorer is measured with: twenty years of a country that divides ten indicators by region, substance, sex and age.
const figures = 200_000

// exploreAsks are the pages of the explorer that are measured.
var exploreAsks = []string{
	"/indicators", "/indicators/treatment_all_clients", "/indicators/treatment_all_clients?place=*", "/indicators/treatment_all_clients?drug=*", "/indicators/treatment_all_clients?sex=*&place=KZ-75",
	"/indicators/registered_drug_users_stock?place=*&per=1", "/indicators/offenders?age=*&drug=1.1", "/indicators/offenders?as_of=2026-01-01", "/indicators/offenders?with=treatment_all_clients",
}

// BenchmarkExplorer tells how long the pages of the explorer take, for the epidemiologist and for a reader from whom small counts are hidden; p95-ms is over all of them.
// Run it with -benchtime 20x: each page is opened so often.
func BenchmarkExplorer(b *testing.B) {
	for _, e := range storetest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			ctx := context.Background()
			a, err := app.Open(ctx, app.Config{Addr: "127.0.0.1:0", DataDir: b.TempDir(), DB: storetest.DSN(b, e), Demo: true})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = a.Close(ctx) }()
			if _, err := account.Demo(ctx, a.Writer, baqylau.English, app.DemoPassword); err != nil {
				b.Fatal(err)
			}
			fillFigures(b, a)
			if err := a.Serve(ctx); err != nil {
				b.Fatal(err)
			}
			for _, who := range []string{"epidemiologist", "police"} {
				b.Run(who, func(b *testing.B) {
					token := tokenOf(b, a, who)
					took := map[string][]time.Duration{}
					for b.Loop() {
						for _, page := range exploreAsks {
							begin := time.Now()
							read(b, a.URL+page, token)
							took[page] = append(took[page], time.Since(begin))
						}
					}
					var all []time.Duration
					for _, page := range exploreAsks {
						slices.Sort(took[page])
						all = append(all, took[page]...)
						b.Logf("%-70s p95 %v", page, took[page][len(took[page])*95/100].Round(time.Millisecond))
					}
					slices.Sort(all)
					b.ReportMetric(float64(all[len(all)*95/100].Microseconds())/1000, "p95-ms")
				})
			}
		})
	}
}

func tokenOf(b *testing.B, a *app.App, who string) string {
	b.Helper()
	all, err := account.List(context.Background(), a.DB.Read)
	if err != nil {
		b.Fatal(err)
	}
	for _, x := range all {
		if x.Login == who+"@demo.baqylau" {
			token, err := a.Accounts.NewToken(context.Background(), x.Actor(), "bench", 1)
			if err != nil {
				b.Fatal(err)
			}
			return token
		}
	}
	b.Fatalf("nobody is called %s", who)
	return ""
}

func read(b *testing.B, url, token string) {
	b.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if n, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK || n < 2000 {
		b.Fatalf("%s: %d, %d bytes, %v", url, answer.StatusCode, n, err)
	}
}

// fillFigures writes the observations as one organisation's, a tenth of them small.
func fillFigures(b *testing.B, a *app.App) {
	b.Helper()
	ctx := context.Background()
	source, ok := a.Shelf.Book().Source("kz_legal_statistics")
	if !ok {
		b.Fatal("the registry lacks the source")
	}
	places := []string{"KZ"}
	for _, r := range a.Shelf.Book().Regions("KZ") {
		places = append(places, r.Code)
	}
	codes := []string{"treatment_all_clients", "registered_drug_users_stock", "offenders", "treatment_entrants", "registered_drug_users_new", "registered_drug_users_exits", "persons_convicted",
		"hiv_new_diagnoses", "drug_overdose_deaths", "prison_drug_users"}
	drugs := []string{"all", "1.1", "3.2", "3.4", "cannabis_herb"}
	ages := []string{"all", "15-24", "25-34"}
	var batch []indicator.Observation
	written := 0
	flush := func() {
		if err := a.Writer.Do(ctx, access.TheSystem(), access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
			for i := range batch {
				batch[i].SourceID = source.ID
			}
			tx.Subject("observation", "bench", "", nil)
			_, err := indicator.Record(ctx, tx, batch)
			return err
		}); err != nil {
			b.Fatal(err)
		}
		written += len(batch)
		batch = batch[:0]
	}
	for _, code := range codes {
		for year := 2005; year < 2026; year++ {
			for _, place := range places {
				for _, drug := range drugs {
					for s, sex := range []string{"total", "male", "female"} {
						for g, age := range ages {
							v := float64((year*31+len(place)*7+s*13+g*17+len(drug)*3+int(place[len(place)-1]))%40 + 1)
							batch = append(batch, indicator.Observation{Indicator: code, Unit: "persons", Country: "KZ", Place: place, Start: baqylau.NewDate(year, 1, 1), End: baqylau.NewDate(year, 12, 31), Sex: sex,
								Age: age, Drug: drug, Qualifier: indicator.Exact, Value: &v, OrgID: "bench", Domain: baqylau.HealthDomain, Known: baqylau.NewDate(2026, 1, 1)})
							if len(batch) == 5000 {
								flush()
							}
						}
					}
				}
			}
		}
		if written >= figures {
			break
		}
	}
	flush()
	if written < figures*9/10 {
		b.Fatalf("only %d figures", written)
	}
	b.Log(fmt.Sprint(written, " figures"))
}
