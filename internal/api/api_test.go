package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/api"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// TestRefusals are problems in the sender's language that never repeat what was sent.
func TestRefusals(t *testing.T) {
	h := open(t, storetest.Open(t, store.SQLite))
	const secret = "870101300123"
	for _, c := range []struct {
		name, as, method, path, body string
		status                       int
		code, field, key             string
	}{
		{"nobody", "", "GET", "/reports", "", 401, "unauthentic", "", ""},
		{"nobody, before the body is read", "", "POST", "/reports", `{"x":`, 401, "unauthentic", "", ""},
		{"not by the policy", "police", "GET", "/signals", "", 403, "forbidden", "", ""},
		{"unknown field", "hospital", "POST", "/reports", `{"kind":"death","occurred_on":"2026-11-24","org_id":"` + secret + `"}`, 422, "invalid", "org_id", "api.error.unknown"},
		{"field in other case", "hospital", "POST", "/reports", `{"Kind":"` + secret + `","kind":"death","occurred_on":"2026-11-24"}`, 422, "invalid", "Kind", "api.error.unknown"},
		{"missing field", "hospital", "POST", "/reports", `{"kind":"death"}`, 422, "invalid", "occurred_on", "error.required"},
		{"not offered", "hospital", "POST", "/reports", `{"kind":"` + secret + `","occurred_on":"2026-11-24"}`, 422, "invalid", "kind", "error.choice"},
		{"wrong type", "hospital", "POST", "/reports", `{"kind":"death","occurred_on":` + secret + `}`, 422, "invalid", "occurred_on", "api.error.form"},
		{"bad date", "hospital", "POST", "/reports", `{"kind":"death","occurred_on":"870101300"}`, 422, "invalid", "occurred_on", "api.error.date"},
		{"future", "hospital", "POST", "/reports", `{"kind":"death","occurred_on":"2026-12-24","text":"x"}`, 422, "invalid", "occurred_on", "error.date_future"},
		{"bad code", "hospital", "POST", "/reports", `{"kind":"death","occurred_on":"2026-11-24","text":"x","sex":"` + secret + `"}`, 422, "invalid", "sex", "api.error.code"},
		{"person in a seizure", "police", "POST", "/reports", `{"kind":"seizure","occurred_on":"2026-11-24","text":"x","person_id":"` + secret + `"}`, 422, "invalid", "person_id", "api.error.persons_only"},
		{"impossible person", "hospital", "POST", "/reports", `{"kind":"death","occurred_on":"2026-11-24","text":"x","person_id":"` + secret + `"}`, 422, "invalid", "person_id", "report.person_id.impossible"},
		{"two names", "police", "POST", "/reports", `{"kind":"seizure","occurred_on":"2026-11-24","substances":[{"name":"` + secret + `","family":"x"}]}`, 422, "invalid", "substances[0]", "api.error.one_name"},
		{"too long", "police", "POST", "/reports", `{"kind":"seizure","occurred_on":"2026-11-24","logo":"` + strings.Repeat(secret, 20) + `"}`, 422, "invalid", "logo", "error.too_long"},
		{"short key", "police", "POST", "/reports", `{"kind":"seizure","occurred_on":"2026-11-24","text":"x"}`, 422, "invalid", "Idempotency-Key", "api.error.form"},
		{"no JSON", "hospital", "POST", "/reports", `{"kind":"` + secret, 400, "invalid", "", ""},
		{"too large", "hospital", "POST", "/reports", `{"kind":"` + strings.Repeat(secret, 30_000) + `"}`, 413, "too_many", "", ""},
		{"no such step", "hospital", "POST", "/reports/1/steps/erase", `{}`, 422, "invalid", "step", "error.choice"},
		{"no such substance", "police", "GET", "/substances/" + secret, "", 404, "not_found", "", ""},
		{"no such week", "centre", "GET", "/series?from=" + secret[:8], "", 422, "invalid", "from", "api.error.week"},
		{"two subjects", "centre", "GET", "/series?family=a&substance=b", "", 422, "invalid", "family", "api.error.one_subject"},
		{"no such address", "centre", "GET", "/" + secret, "", 404, "not_found", "", ""},
	} {
		var pairs []string
		if c.name == "short key" {
			pairs = []string{"Idempotency-Key", "1234567"}
		}
		r := h.call(c.as, c.method, api.Prefix+c.path, c.body, pairs...)
		var p web.Problem
		if !strings.HasPrefix(r.head.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s: %d %s %s", c.name, r.code, r.head.Get("Content-Type"), r.body)
			continue
		}
		r.into(t, &p)
		if r.code != c.status || p.Status != c.status || string(p.Code) != c.code || p.Detail == "" {
			t.Errorf("%s: %d %s", c.name, r.code, r.body)
		}
		if c.field != "" && !slices.ContainsFunc(p.Errors, func(f web.ProblemField) bool { return f.Field == c.field && f.Key == c.key && f.Detail != "" }) {
			t.Errorf("%s: no fault %s at %s in %s", c.name, c.key, c.field, r.body)
		}
		if strings.Contains(r.body, secret[:8]) {
			t.Errorf("%s: the value is repeated: %s", c.name, r.body)
		}
	}
	if r := h.get("", "/me"); r.head.Get("WWW-Authenticate") != "Bearer" {
		t.Error("401 without a challenge")
	}
	if r := h.call("hospital", "POST", api.Prefix+"/reports", "kind=death", "Content-Type", "application/x-www-form-urlencoded"); r.code != http.StatusUnsupportedMediaType {
		t.Errorf("a form: %d %s", r.code, r.body)
	}
	if m := locale.Missing(); len(m) > 0 {
		t.Errorf("no message for %v", m)
	}
	for lang, want := range map[string]string{"kk": "Бұл өрісті алып тастаңыз", "ru": "Уберите это поле", "en": "Remove this field"} {
		byHeader := h.call("hospital", "POST", api.Prefix+"/tips", `{"text":"x","x":1}`, "Accept-Language", lang)
		byQuery := h.call("hospital", "POST", api.Prefix+"/tips?lang="+lang, `{"text":"x","x":1}`)
		if !strings.Contains(byHeader.body, want) || !strings.Contains(byQuery.body, want) {
			t.Errorf("%s: %s %s", lang, byHeader.body, byQuery.body)
		}
	}
}

// TestEveryOperationIsWalled asks each line of the route table as somebody whom the policy gives nothing.
func TestEveryOperationIsWalled(t *testing.T) {
	h := open(t, storetest.Open(t, store.SQLite))
	h.people["nobody"] = access.Actor{ID: "a-nobody", OrgID: "o-hospital", Domain: "health", MaxTLP: "CLEAR"}
	operations := 0
	for _, rt := range h.rt.Routes() {
		path := strings.NewReplacer("{id}", "1", "{step}", "accept", "{ref}", "1").Replace(rt.Pattern)
		if !strings.HasPrefix(path, api.Prefix) || access.May(access.Anyone("en"), rt.Act) {
			continue
		}
		operations++
		if r := h.call("", rt.Method, path, ""); r.code != http.StatusUnauthorized {
			t.Errorf("%s %s as nobody: %d", rt.Method, path, r.code)
		}
		if r := h.call("nobody", rt.Method, path, ""); r.code != http.StatusForbidden {
			t.Errorf("%s %s without a role: %d", rt.Method, path, r.code)
		}
	}
	if operations < 18 {
		t.Errorf("only %d operations in the route table", operations)
	}
}

// TestDescription holds the OpenAPI document against the route table.
func TestDescription(t *testing.T) {
	h := open(t, storetest.Open(t, store.SQLite))
	var doc struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct {
			OperationID string
			Summary     string
			Security    []map[string][]string
			Responses   map[string]struct{ Content map[string]any }
		}
		Components struct {
			Schemas         map[string]json.RawMessage
			SecuritySchemes map[string]any
		}
	}
	h.must("", "/openapi.json", &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || len(doc.Servers) != 1 || doc.Servers[0].URL != api.Prefix || len(doc.Components.SecuritySchemes) != 2 {
		t.Errorf("head: %s %v %v", doc.OpenAPI, doc.Servers, doc.Components.SecuritySchemes)
	}
	described := map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			described[strings.ToUpper(method)+" "+api.Prefix+path] = true
			if op.Summary == "" || strings.Contains(op.Summary, "⟦") || op.OperationID == "" || len(op.Security) == 0 {
				t.Errorf("%s %s: %+v", method, path, op)
			}
			for status, r := range op.Responses {
				if _, ok := r.Content["application/problem+json"]; status >= "4" && !ok {
					t.Errorf("%s %s %s is no problem", method, path, status)
				}
			}
			for _, status := range []string{"422", "500"} {
				if _, ok := op.Responses[status]; !ok {
					t.Errorf("%s %s says nothing of %s", method, path, status)
				}
			}
		}
	}
	for _, rt := range h.rt.Routes() {
		if strings.HasPrefix(rt.Pattern, api.Prefix) && !strings.Contains(rt.Pattern, "openapi") {
			if !described[rt.Method+" "+rt.Pattern] {
				t.Errorf("%s %s is not described", rt.Method, rt.Pattern)
			}
			delete(described, rt.Method+" "+rt.Pattern)
		}
	}
	for op := range described {
		t.Errorf("%s is not in the route table", op)
	}
	for name, schema := range doc.Components.Schemas {
		if strings.Contains(string(schema), `"$schema"`) || strings.HasSuffix(name, "Body") && !strings.Contains(string(schema), `"additionalProperties":false`) {
			t.Errorf("schema %s: %s", name, schema)
		}
	}
	if r := h.get("", "/openapi.yaml"); r.code != http.StatusOK || !strings.Contains(r.body, "openapi: 3.1.0") {
		t.Errorf("yaml: %d", r.code)
	}
	if page := h.call("", "GET", "/api/docs?lang=kk", ""); page.code != http.StatusOK || !strings.Contains(page.body, "Хабарлама жіберу") || !strings.Contains(page.body, "Send a report") || strings.Contains(page.body, `src="http`) {
		t.Errorf("page of operations: %d", page.code)
	}
}

// TestReadings asks the operations that only read what ships with the product.
func TestReadings(t *testing.T) {
	h := open(t, storetest.Open(t, store.SQLite))
	var me api.Me
	h.must("police", "/me", &me)
	if me.ID != "a-police" || me.Organisation.Name.EN != "police" || !slices.Contains(me.Acts, access.ReportCreate) || slices.Contains(me.Acts, access.SignalRead) {
		t.Errorf("me: %+v", me)
	}
	var found api.Page[api.Substance]
	h.must("police", "/substances?q=метонитазен&watch=true", &found)
	if len(found.Items) == 0 || found.Items[0].Name != "Metonitazene" {
		t.Fatalf("found %+v", found.Items)
	}
	var one api.SubstanceDetail
	h.must("police", "/substances/"+found.Items[0].ID, &one)
	if len(one.Names) == 0 || one.InChIKey == "" || len(one.LegalStatus) == 0 {
		t.Errorf("one: %+v", one)
	}
	var regions api.Page[api.Region]
	h.must("police", "/regions", &regions)
	if len(regions.Items) != 20 || regions.Items[0].Country != "KZ" || len(regions.Items[0].Population) == 0 {
		t.Errorf("%d regions", len(regions.Items))
	}
	var sources api.Page[api.Source]
	h.must("police", "/sources?limit=1", &sources)
	if len(sources.Items) != 1 {
		t.Errorf("sources: %+v", sources)
	}
	var rec api.Recognition
	h.send("police", "/recognise", `{"texts":["2 г мефедрона и метонитазен","ничего"]}`, &rec)
	if len(rec.Results) != 2 || len(rec.Results[0].Findings) != 2 || rec.Results[0].Findings[1].SubstanceID != one.ID || len(rec.Results[1].Findings) != 0 {
		t.Errorf("recognised %+v", rec)
	}
	var signals api.Page[api.Signal]
	var warnings api.Page[api.Communication]
	var imports api.Page[api.Import]
	h.must("centre", "/signals", &signals)
	h.must("police", "/communications", &warnings)
	h.must("police", "/imports", &imports)
	if len(signals.Items)+len(warnings.Items)+len(imports.Items) != 0 {
		t.Error("rows from nowhere")
	}
}
