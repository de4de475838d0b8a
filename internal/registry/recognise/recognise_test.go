package recognise

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

var shippedOnce = sync.OnceValues(func() (*Lexicon, error) { return Load(os.DirFS("../../../data/substances")) })

// say writes a result in short: findings by name, classes with "(class)", questions with "?", unidentified words with "!".
func say(r Result) []string {
	var out []string
	for _, f := range r.Findings {
		name := f.Name
		if f.Status == Class {
			name += " (class)"
		}
		out = append(out, name)
	}
	for _, q := range r.Questions {
		out = append(out, "?"+q.Matched)
	}
	for _, u := range r.Unidentified {
		out = append(out, "!"+u.Matched)
	}
	return out
}

func TestRules(t *testing.T) {
	l := shipped(t)
	for _, g := range []struct {
		rule  string
		cases map[string][]string
	}{
		{"truncations", map[string][]string{
			"Acute fent, hydrocod, benzodiazepine": {"Fentanyl", "Hydrocodone", "benzodiazepine (class)"},
			"HYDROMORPH, BUPRENOR":                 {"Hydromorphone", "Buprenorphine"},
			"chlordiazep use":                      {"Chlordiazepoxide"},
		}},
		{"misspellings", map[string][]string{
			"para-flurofentanyl toxicity": {"para-Fluorofentanyl"},
			"desproionyl fentanyl":        {"4-ANPP"},
			"Acute intoxicaton":           nil,
			"acetyl fentayl":              {"Acetylfentanyl"},
			"diphendhydramine":            {"Diphenhydramine"},
			"феназипам, трамодол":         {"Phenazepam", "Tramadol"},
			"изъят мефедрн, 3 г мефедрна": {"Mephedrone"}, // one vowel of eight letters is lost
			"пакет с мефедрном":           {"Mephedrone"},
			"мефедрнмен улану":            {"Mephedrone"},
			"мефедон, мфедрн, мифедрн":    nil, // another letter is lost, or more than one slip
			"опытный, диоксин, перетяну":  nil, // ordinary words a lost letter away
			"промедлили с вызовом":        nil,
		}},
		{"no substance turns into another", map[string][]string{
			"Ethylone":                        {"Ethylone"},
			"Methylone":                       {"Methylone"},
			"etylone seized":                  {"?etylone"},
			"3-ethylfentanil found":           {"!3-ethylfentanil"},
			"FUB-JWH-019":                     {"!FUB-JWH-019"},
			"non-fentanyl, IV-heroin":         {"Fentanyl", "Heroin"},
			"ethyl fentanyl":                  {"!ethyl fentanyl"},
			"ortho-chloro valeryl fentanyl":   {"!ortho-chloro valeryl fentanyl"},
			"citalopram and escitalopram":     {"Citalopram", "S-(+)-Citalopram"},
			"bromazolam, bromazepam":          {"Bromazolam", "Bromazepam"},
			"flubromazepam and flubromazolam": {"Flubromazepam", "Flubromazolam"},
		}},
		{"joined words", map[string][]string{
			"effects ofacetyl fentanyl":                   {"Acetylfentanyl"},
			"heroin andcocaine":                           {"Heroin", "Cocaine"},
			"phencyclidinetoxicity":                       {"Phencyclidine"},
			"fentanylcocaine":                             {"Fentanyl", "Cocaine"},
			"Отравлениегероином":                          {"Heroin"},
			"heroinand fentanyl":                          {"Heroin", "Fentanyl"},
			"мефедрон5г":                                  {"Mephedrone"},
			"effects of3,4-methylenedioxymethamphetamine": {"MDMA"},
		}},
		{"hyphens, spaces, primes and Greek letters", map[string][]string{
			"α-PVP":                {"alpha-PVP"},
			"a-PVP":                {"alpha-PVP"},
			"alpha PVP":            {"alpha-PVP"},
			"альфа-ПВП":            {"alpha-PVP"},
			"альфа-PVP":            {"alpha-PVP"},
			"п-фторфентанил":       {"para-Fluorofentanyl"},
			"para fluoro fentanyl": {"para-Fluorofentanyl"},
			"U 47700 and U47700":   {"U-47700"},
			"4_ANPP":               {"4-ANPP"},
			"4,4′-DMAR":            {"4,4'-DMAR"},
			"1, 4-butanediol":      {"1,4-Butanediol"},
			"Pseudo/Ephedrine":     {"Pseudoephedrine"},
		}},
		{"scripts", map[string][]string{
			"мeфедрон":        {"Mephedrone"}, // Latin e
			"кoкaин":          {"Cocaine"},
			"4-СМС и 3-СМС":   {"4-CMC", "3-CMC"},
			"отправить 4 смс": nil,
			"MДMA":            {"MDMA"},
			"Mefedron 2gr":    {"Mephedrone"},
			"MDMAны сатқан":   {"MDMA"},
		}},
		{"inflection", map[string][]string{
			"смесь мефедрона и альфа-ПВП": {"Mephedrone", "alpha-PVP"},
			"отравление метадоном":        {"Methadone"},
			"следы каннабиноидов":         {"cannabinoid (class)"},
			"мефедронның салмағы":         {"Mephedrone"},
			"героинмен улану":             {"Heroin"},
			"трамадолдан":                 {"Tramadol"},
			"героиновая наркомания":       {"Heroin"},
			"анашой торговал":             {"Cannabis"},
			"уксусного ангидрида":         {"Acetic anhydride"},
			"веселящим газом":             {"Nitrous oxide"},
			"героиня романа":              nil,
			"синтетических каннабиноидов": {"synthetic cannabinoid (class)"},
		}},
		{"salts and stereo prefixes give the base", map[string][]string{
			"cocaine hydrochloride": {"Cocaine"},
			"кодеина фосфат":        {"Codeine"},
			"d-methamphetamine":     {"Methamphetamine"},
			"мефедрона гидрохлорид": {"Mephedrone"},
		}},
		{"metabolites are substances of their own", map[string][]string{
			"norfentanyl, 7-amino clonazepam, EDDP": {"Norfentanyl", "7-Aminoclonazepam", "EDDP"},
			"6-MAM":                                 {"6-MAM"},
		}},
		{"classes", map[string][]string{
			"opiates and opioids":            {"opiate (class)", "opioid (class)"},
			"fentanyl analogue":              {"fentanyl analogue (class)"},
			"Фентанилдің аналогтары":         {"fentanyl analogue (class)"},
			"synthetic cannabinoid, cocaine": {"synthetic cannabinoid (class)", "Cocaine"},
		}},
		{"longest match", map[string][]string{
			"methoxyacetyl fentanyl":    {"Methoxyacetylfentanyl"},
			"fentanyl, acetyl fentanyl": {"Fentanyl", "Acetylfentanyl"},
			"dextro/levo methorphan":    {"Dextromethorphan", "Levomethorphan"},
		}},
		{"ambiguous names are asked", map[string][]string{
			"изъята соль":    {"?соль"},
			"China White":    {"?China White"},
			"5- or 6-MAPB":   {"?5- or 6-MAPB"},
			"меф и скорость": {"Mephedrone", "?скорость"},
		}},
		{"unknown chemistry is kept", map[string][]string{
			"butonazolam 2 mg": {"!butonazolam"},
			"4F-XYZINACA":      {"!4F-XYZINACA"},
			"обнаружен циклогексилфентанил": {"!циклогексилфентанил"},
			"XK-77-5F":               {"!XK-77-5F"},
			"hydroxymethylxylazepam": {"!hydroxymethylxylazepam"},
		}},
		{"ordinary words are not drugs", map[string][]string{
			"Hypertensive and Atherosclerotic Cardiovascular Disease": nil,
			"aspiration pneumonia, toxicity":                          nil,
			"COVID-19 Respiratory Infection":                          nil,
			"may have the speed of an orange mixture from China":      nil,
			"E. coli, vitamin, acid":                                  nil,
			"Механическая асфиксия":                                   nil,
			"Жүрек жеткіліксіздігі, 297-бабы":                         nil,
			"metadata and method one":                                 nil,
			"":                                                        nil,
		}},
		{"one finding per substance", map[string][]string{
			"heroin, HEROIN and героин": {"Heroin"},
			"MDMA (ecstasy)":            {"MDMA"},
		}},
	} {
		for text, want := range g.cases {
			t.Run(g.rule+"/"+text, func(t *testing.T) {
				if got := say(l.Recognise(text)); !slices.Equal(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
			})
		}
	}
}

func TestOffsetsAreBytes(t *testing.T) {
	r := shipped(t).Recognise("Қайнар: героинмен, соль, butonazolam")
	if len(r.Findings) != 1 || len(r.Questions) != 1 || len(r.Unidentified) != 1 {
		t.Fatalf("got %q", say(r))
	}
	f, q, u := r.Findings[0], r.Questions[0], r.Unidentified[0]
	for _, x := range []struct {
		matched    string
		start, end int
	}{{f.Matched, f.Start, f.End}, {q.Matched, q.Start, q.End}, {u.Matched, u.Start, u.End}} {
		if r.Text[x.start:x.end] != x.matched {
			t.Errorf("text[%d:%d] is %q, not %q", x.start, x.end, r.Text[x.start:x.end], x.matched)
		}
	}
	if f.Matched != "героинмен" {
		t.Errorf("an inflected word is matched whole, got %q", f.Matched)
	}
}

// entriesForTest is a lexicon as an installation may have it.
var entriesForTest = []Entry{
	{Key: "1", Preferred: "Alphadrol", InChIKey: "AAA", Names: []Name{{Text: "Speed"}, {Text: "common name"}}},
	{Key: "2", Preferred: "Betadrol", InChIKey: "BBB", Names: []Name{{Text: "common name"}, {Text: "Xandone", Curated: true}}},
	{Key: "3", Preferred: "Xandone metabolite", Names: []Name{{Text: "Xandone"}, {Text: "zap", Use: Prose}, {Text: "Hidden", Use: Never}}},
	{Key: "4", Preferred: "Alphadrol racemate", InChIKey: "AAA"},
	{Key: "5", Preferred: "NET"},
}

func TestClaims(t *testing.T) {
	l := New(entriesForTest, Ambiguous{Name: "magic", Candidates: []string{"2", "1"}}, Ambiguous{Name: "twins", Candidates: []string{"1", "2"}, All: true})
	for text, want := range map[string][]string{
		"some common name here":            {"?common name"},       // two synonyms of equal rank
		"xandone":                          {"Betadrol"},           // a curated name beats a source's synonym
		"at full speed":                    nil,                    // an ordinary word
		"a zap":                            {"Xandone metabolite"}, // unless the lexicon says so
		"Hidden":                           nil,
		"a net":                            nil,
		"a NET there":                      {"NET"},
		"magic":                            {"?magic"},
		"twins":                            {"Alphadrol", "Betadrol"},
		"alphadrol and alphadrol racemate": {"Alphadrol"}, // one InChIKey, one finding
	} {
		if got := say(l.Recognise(text)); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	r := l.Recognise("magic")
	if q := r.Questions[0]; !slices.Equal(q.Candidates, []string{"Betadrol", "Alphadrol"}) || !slices.Equal(q.Keys, []string{"2", "1"}) {
		t.Errorf("candidates keep their order: %v %v", q.Candidates, q.Keys)
	}
	if f := l.Recognise("twins").Findings[0]; f.Key != "1" || f.InChIKey != "AAA" {
		t.Errorf("finding carries its entry: %+v", f)
	}
}

func TestWriteJSON(t *testing.T) {
	var b bytes.Buffer
	l := New(entriesForTest)
	for _, text := range []string{"none <here>", "Alphadrol"} {
		if err := WriteJSON(&b, l.Recognise(text)); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"text":"none <here>","findings":[],"questions":[],"unidentified":[]}
{"text":"Alphadrol","findings":[{"name":"Alphadrol","inchikey":"AAA","status":"substance","start":0,"end":9,"matched":"Alphadrol"}],"questions":[],"unidentified":[]}
`
	if b.String() != want {
		t.Errorf("got  %s\nwant %s", b.String(), want)
	}
}

func TestLoadNamesTheFileAndLine(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"substances.csv": "preferred_name,synonyms,inchikey\nAlphadrol,,\n", "additions.csv": "preferred_name,synonyms,inchikey\n",
		"substances-ru.csv": "preferred_name,names_ru\n", "names-kk-ru.csv": "preferred_name,name_kk,name_ru,synonyms_ru\n",
		"substances-ambiguous-names.csv": "name,substances\n", "recognition/substances.csv": "preferred_name,inchikey,names\n",
		"recognition/classes.csv": "class,en,ru,kk,replaces\n", "recognition/questions.csv": "name,candidates,use\n",
		"recognition/antidotes.csv": "substance,given_for\nAlphadrol,all\n",
		"recognition/names.csv":     "substance,name,use\nAlphadrol,alfa,\nNobody,nope,\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	_, err := Load(files)
	if err == nil || !strings.Contains(err.Error(), "recognition/names.csv: line 3") || !strings.Contains(err.Error(), `"Nobody"`) {
		t.Errorf("got %v", err)
	}
	delete(files, "recognition/names.csv")
	if _, err := Load(files); err == nil {
		t.Error("a missing file must be an error")
	}
}

// Every preferred name is recognised when it is the whole text, as in a column of a spreadsheet.
func TestPreferredNamesAreTheirOwnFinding(t *testing.T) {
	entries, _, err := Read(os.DirFS("../../../data/substances"))
	if err != nil {
		t.Fatal(err)
	}
	l := shipped(t)
	wrong := 0
	for _, e := range entries {
		r := l.Recognise(e.Preferred)
		if len(r.Findings) == 0 || !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Key == e.Key }) {
			wrong++
			t.Logf("%q gives %q", e.Preferred, say(r))
		}
	}
	if wrong > len(entries)/200 {
		t.Errorf("%d of %d preferred names are not recognised", wrong, len(entries))
	}
}

// A substance that the lexicon does not have yet must not be taken for a neighbour: every eighth substance of the families
// of early warning is taken out and looked for.
func TestNewSubstancesAreNotTakenForKnownOnes(t *testing.T) {
	entries, ambiguous, err := Read(os.DirFS("../../../data/substances"))
	if err != nil {
		t.Fatal(err)
	}
	var rest []Entry
	var out []string
	for i, e := range entries {
		name := strings.ToLower(e.Preferred)
		family := slices.ContainsFunc([]string{"fentanyl", "nitazene", "azolam", "azepam", "edrone", "ylone", "inaca", "-pvp", "-mmc", "-cmc", "-dmt", "-met", "-pcp", "-pce"},
			func(s string) bool { return strings.HasSuffix(name, s) && len(name) > len(s)+1 })
		if family && !e.Class && i%8 == 0 {
			out = append(out, e.Preferred)
		} else {
			rest = append(rest, e)
		}
	}
	l := New(rest, ambiguous...)
	wrong := 0
	for _, name := range out {
		if r := l.Recognise("found " + name + " in blood"); len(r.Findings) > 0 {
			wrong++
			t.Logf("%s is taken for %q", name, say(r))
		}
	}
	t.Logf("%d of %d unknown substances are taken for known ones", wrong, len(out))
	if len(out) < 20 || wrong > 1 {
		t.Errorf("%d of %d unknown substances are taken for known ones", wrong, len(out))
	}
}

func TestConcurrentUse(t *testing.T) {
	l := shipped(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				if got := fmt.Sprint(say(l.Recognise("para-flurofentanyl, соль"))); got != "[para-Fluorofentanyl ?соль]" {
					t.Error(got)
					return
				}
			}
		})
	}
	wg.Wait()
}

func FuzzRecognise(f *testing.F) {
	for _, s := range []string{"Acute fent, hydrocod", "α-PVP и мефедрон5г", "4-СМС\u0301 ofacetyl", "\xff\xfe героин\xc3", "1,4-N,N-/α", "е́фентанил-ортoфтор", "5- or 6-MAPB"} {
		f.Add(s)
	}
	l := shipped(f)
	f.Fuzz(func(t *testing.T, text string) {
		r := l.Recognise(text)
		check := func(matched string, start, end int) {
			if start < 0 || end > len(text) || start >= end || text[start:end] != matched {
				t.Fatalf("[%d:%d] %q in %q", start, end, matched, text)
			}
		}
		seen := map[string]bool{}
		for _, x := range r.Findings {
			check(x.Matched, x.Start, x.End)
			if seen[x.Key] {
				t.Fatalf("%s twice", x.Name)
			}
			seen[x.Key] = true
		}
		for _, x := range r.Questions {
			check(x.Matched, x.Start, x.End)
			if len(x.Candidates) == 0 {
				t.Fatal("a question without candidates")
			}
		}
		for _, x := range r.Unidentified {
			check(x.Matched, x.Start, x.End)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkRecognise(b *testing.B) {
	l := shipped(b)
	texts := readLabels(b, "causes_tune.jsonl", "")
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		l.Recognise(texts[i%len(texts)].Text)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(os.DirFS("../../../data/substances")); err != nil {
			b.Fatal(err)
		}
	}
}
