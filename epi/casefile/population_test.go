package casefile

import (
	"encoding/json"
	"strings"
	"testing"
)

// lineOf runs one case and returns its line, read back.
func lineOf(t *testing.T, text string) (output map[string]any, fault string) {
	t.Helper()
	var out strings.Builder
	if _, err := Process(&out, strings.NewReader(text), "", 1); err != nil {
		t.Fatal(err)
	}
	var line struct {
		Output   map[string]any
		Error    *string
		Warnings []string
	}
	if err := json.Unmarshal([]byte(out.String()), &line); err != nil {
		t.Fatal(err)
	}
	if line.Warnings != nil {
		t.Error(line.Warnings)
	}
	if line.Error != nil {
		fault = *line.Error
	}
	return line.Output, fault
}

// What cannot be estimated says why, where, and what to do.
func TestCasesOfPopulationsThatCannotBeRun(t *testing.T) {
	for _, c := range []struct{ text, code, field, remedy string }{
		{`{"method":"proportion","data":{"x":5,"n":3}}`, "too_large", "data.x", "check both numbers"},
		{`{"method":"proportion","data":{"n":3}}`, "missing_value", "data.x", "give a number"},
		{`{"method":"capture_recapture","data":{"history":["11","000"],"count":[1,2]},"request":{"estimator":"loglinear","lists":["a","b"]}}`, "invalid_setting", "data.history", "value 2 is no history of 2 lists"},
		{`{"method":"capture_recapture","data":{"history":["11","10","11"],"count":[1,2,3]},"request":{"estimator":"loglinear","lists":["a","b"]}}`, "duplicate", "data.history", "value 3"},
		{`{"method":"capture_recapture","data":{"history":["1"],"count":[1]},"request":{"estimator":"loglinear","lists":["a"]}}`, "invalid_setting", "request.lists", "give 2 to 5"},
		{`{"method":"capture_recapture","data":{"history":["11","10","01"],"count":[1,2,3]},"request":{"estimator":"loglinear","profile":"12"}}`, "not_identified", "request.profile", "simpler model"},
		{`{"method":"capture_recapture","data":{"history":["11","10","01"],"count":[1,2,3]},"request":{"estimator":"loglinear","profile":"1-2"}}`, "invalid_setting", "request.profile", "give best, independent"},
		{`{"method":"capture_recapture","data":{"n1":5,"n2":4,"m":2},"request":{"estimator":"two_lists"}}`, "invalid_setting", "request.estimator", "did you mean two_list?"},
		{`{"method":"capture_recapture","data":{"n1":5,"n2":4,"m":2},"request":{"estimator":"two_list","ci_level":95}}`, "invalid_level", "request.ci_level", "such as 0.95"},
		{`{"method":"multiplier","data":{"benchmark":-1,"x":1,"n":2}}`, "negative_value", "data.benchmark", "0 or more"},
		{`{"method":"rds_ii","data":{"degree":[0,null],"trait":["a","a"]},"request":{"level":"a"}}`, "empty", "data.degree", "at least one row"},
		{`{"method":"rds_ii","data":{"degree":[1,2],"trait":["a","b"]},"request":{}}`, "invalid_setting", "request.level", "give the value"},
		{`{"method":"rds_ii","data":{"degree":[1,2],"trait":["a","b"],"by":[null,5]},"request":{"level":"a","recruiter":"by"}}`, "invalid_setting", "data.by", "value 2 is 5; give the row"},
		{`{"method":"rds_ii","data":{"degree":[1,2],"trait":["a","b"]},"request":{"level":"a","population":1}}`, "invalid_setting", "request.population", "outside"},
		{`{"method":"nsum","data":{"k":[1,2],"h":[0,1]},"request":{"population":1000,"known":[{"col":"kk","size":5}],"hidden":["h"]}}`, "invalid_setting", "request.known[0].col", "does not have"},
		{`{"method":"nsum","data":{"k":[1,null],"h":[0,1]},"request":{"population":1000,"known":[{"col":"k","size":5}],"hidden":["h"]}}`, "missing_value", "data.k", "value 2"},
		{`{"method":"smr","data":{"observed":[1,null],"rate":[0.1,0.1],"person_years":[10,10]}}`, "missing_value", "data.observed", "give a number"},
		{`{"method":"rate","data":{"events":[1,2],"person_years":[10,0],"standard":[1,1]},"request":{"per":1000}}`, "not_positive", "data.person_years", "value 2"},
		{`{"method":"rate","data":{"events":[1],"person_years":[10]},"request":{"kind":"ratio"}}`, "unequal_lengths", "data.events", "give two"},
		{`{"method":"rate","data":{"events":[1],"person_years":[10]},"request":{"kind":"standardized"}}`, "invalid_setting", "request.kind", "did you mean standardised?"},
		{`{"method":"wastewater","data":{"conc_ng_l":[null,3],"flow_m3_day":[10,10]},"request":{"population":100}}`, "missing_value", "request.loq", "give a number"},
		{`{"method":"wastewater","data":{"conc_ng_l":[1],"flow_m3_day":[10]},"request":{"population":100,"factor":-3}}`, "not_positive", "request.factor", "above 0"},
	} {
		output, fault := lineOf(t, c.text)
		if output != nil || !strings.HasPrefix(fault, "epi: "+c.code+": ") || !strings.Contains(fault, c.field) || !strings.Contains(fault, c.remedy) {
			t.Errorf("%s\n%s", c.text, fault)
		}
	}
}

// A table of which no model has an estimate is answered, each model with its reason.
func TestListsThatNeverMeet(t *testing.T) {
	output, fault := lineOf(t, `{"method":"capture_recapture","data":{"history":["100","010","001"],"count":[2,3,4]},"request":{"estimator":"loglinear","lists":["a","b","c"]}}`)
	if fault != "" || output["best"] != nil || output["profile"] != nil {
		t.Fatal(output, fault)
	}
	for _, m := range output["models"].([]any) {
		if r := m.(map[string]any)["reason"]; r != "unbounded" && r != "not_identified" {
			t.Error(m)
		}
	}
}

// Beyond R's cases: crude rates, loads without a factor, draws for a multiplier, recruiters and the size of the population for respondent-driven samples.
func TestCasesBeyondThoseOfR(t *testing.T) {
	output, fault := lineOf(t, `{"method":"rate","data":{"events":[3,4],"person_years":[1000,2500]},"request":{"kind":"crude","per":1000}}`)
	if fault != "" || output["crude"] != 2.0 || output["standardised"] != nil {
		t.Error(output, fault)
	}
	output, fault = lineOf(t, `{"method":"wastewater","data":{"conc_ng_l":[500],"flow_m3_day":[40000]},"request":{"population":200000}}`)
	if fault != "" || output["load_mean"] != 100.0 || output["factor"] != nil || output["consumption_mg_day_1000"] != nil {
		t.Error(output, fault)
	}
	output, fault = lineOf(t, `{"method":"multiplier","data":{"benchmark":1200,"x":120,"n":400},"request":{"draws":2000,"seed":1}}`)
	if d, ok := output["draws"].(map[string]any); fault != "" || !ok || d["median"].(float64) < 3900 || d["median"].(float64) > 4100 {
		t.Error(output, fault)
	}
	output, fault = lineOf(t, `{"method":"rds_ii","data":{"degree":[3,2,4,0,5,2],"trait":[1,0,1,1,0,null],"by":[null,1,1,2,3,3]},"request":{"level":1,"recruiter":"by","population":50,"draws":200,"ci_level":0.9}}`)
	if fault != "" || output["n"] != 4.0 || output["excluded"] != 2.0 || output["estimate_ss"] == nil || output["ci_tree"] == nil || output["ci_chain"] == nil {
		t.Error(output, fault)
	}
}
