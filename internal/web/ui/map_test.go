package ui

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

const twoSquares = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"a"},"geometry":{"type":"Polygon","coordinates":[[[60,45],[65,45],[65,50],[60,50],[60,45]]]}},
{"type":"Feature","properties":{"id":"b"},"geometry":{"type":"MultiPolygon","coordinates":[[[[65,45],[70,45],[70,50],[65,50],[65,45]]]]}}]}`

func TestParseOutlines(t *testing.T) {
	o, err := ParseOutlines([]byte(twoSquares), "id", nil)
	if err != nil {
		t.Fatal(err)
	}
	// At 47.5° a degree of longitude is cos 47.5° = 0.676 of one of latitude: 10° by 5° is about 1.35 to 1.
	if ratio := float64(o.Width) / float64(o.Height); ratio < 1.25 || ratio > 1.5 {
		t.Errorf("drawn %d by %d", o.Width, o.Height)
	}
	if !strings.HasPrefix(o.paths["a"], "M") || strings.Contains(o.paths["b"], "NaN") {
		t.Errorf("paths %v", o.paths)
	}
	one, err := ParseOutlines([]byte(twoSquares), "id", func(id string) bool { return id == "b" })
	if err != nil || len(one.order) != 1 || one.order[0] != "b" {
		t.Errorf("kept %v, %v", one, err)
	}
	for name, bad := range map[string]string{"not JSON": "{", "no areas": `{"features":[]}`, "a point": `{"features":[{"geometry":{"type":"Point","coordinates":[1,2]}}]}`} {
		if _, err := ParseOutlines([]byte(bad), "id", nil); err == nil {
			t.Errorf("%s gives no error", name)
		}
	}
}

// Albers keeps areas: two cells of the sphere of the same size have the same size on the map, whatever their latitude.
func TestAlbersKeepsAreas(t *testing.T) {
	project := albers(point{45, 38}, point{90, 57})
	const d = 0.01 * math.Pi / 180
	size := func(lat float64) float64 { // of a small cell, against its size on the sphere
		a, b, c := project(point{60, lat}), project(point{60.01, lat}), project(point{60, lat + 0.01})
		return math.Abs((b[0]-a[0])*(c[1]-a[1])-(b[1]-a[1])*(c[0]-a[0])) / (d * d * math.Cos(lat*math.Pi/180))
	}
	for _, lat := range []float64{38, 47, 56} {
		if got := size(lat); math.Abs(got-1) > 1e-3 {
			t.Errorf("at %v° areas are scaled by %v", lat, got)
		}
	}
}

func TestMapSteps(t *testing.T) {
	m := Map{}
	for v := range 10 {
		m.Areas = append(m.Areas, Area{Value: float64(v)})
	}
	m.Areas = append(m.Areas, Area{Value: math.NaN()})
	for v, want := range map[float64]int{0: 1, 1: 2, 2: 2, 5: 4, 9: 5} {
		if got := m.step(v); got != want {
			t.Errorf("step of %v is %d, want %d", v, got, want)
		}
	}
	if m.step(math.NaN()) != 0 {
		t.Error("an area without a figure has a step")
	}
	ctx := locale.With(context.Background(), baqylau.English)
	if keys := m.keys(ctx); len(keys) != 6 || keys[0].text != "0" || keys[5].step != 0 {
		t.Errorf("legend %v", keys)
	}
	alike := Map{Decimals: 1, Areas: []Area{{Value: 0}, {Value: 0.01}, {Value: 0.04}, {Value: 1.68}, {Value: 1.72}, {Value: 2.4}, {Value: 0.25}, {Value: 0.22}}}
	for _, p := range [][2]float64{{1.68, 1.72}, {0.01, 0.04}, {0.25, 0.22}} {
		if a, b := alike.step(p[0]), alike.step(p[1]); a != b {
			t.Errorf("%v and %v read alike and are of the classes %d and %d", p[0], p[1], a, b)
		}
	}
	if alike.step(0.01) == alike.step(0) {
		t.Error("a little is nothing")
	}
	var read []string
	for _, k := range alike.keys(ctx)[:4] {
		read = append(read, k.text)
	}
	if got := strings.Join(read, "; "); got != "0.0; < 0.1; 0.2; 1.7–2.4" {
		t.Errorf("legend %q", got)
	}
	mixed := Map{Decimals: 1, Areas: []Area{{Value: 0.01}, {Value: 0.1}, {Value: 0.2}, {Value: 0.2}, {Value: 0.3}, {Value: 0.3}, {Value: 0.4}, {Value: 0.4}, {Value: 0.5}, {Value: 0.5}}}
	if keys := mixed.keys(ctx); keys[0].text != "≤ 0.1" {
		t.Errorf("legend of a little among more %v", keys)
	}
	same := Map{Areas: []Area{{Value: 3}, {Value: 3}}}
	if keys := same.keys(ctx); len(keys) != 2 || keys[0].text != "3" {
		t.Errorf("legend of one figure %v", keys)
	}
	list := Map{Areas: []Area{{Name: "x", Value: math.NaN()}, {Name: "y", Value: 1}, {Name: "z", Value: 2}}}.ranked(ctx)
	if list[0].Name != "z" || list[2].Name != "x" {
		t.Errorf("ranked %v", list)
	}
}
