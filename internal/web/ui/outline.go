package ui

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// Outlines are the borders of areas, projected and ready to be drawn; make them once per map, not per request.
type Outlines struct {
	Width, Height int
	paths         map[string]string
	order         []string
}

const outlineWidth = 720 // of the drawing, in its own units

// ParseOutlines reads a GeoJSON FeatureCollection of (multi)polygons in longitude and latitude; idProperty names the property
// that identifies an area, and areas that keep refuses are left out (a nil keep takes all). The projection is Albers equal-area conic with standard parallels at one sixth and five sixths of the
// latitudes covered, so that areas compare fairly (Snyder, Map Projections: A Working Manual, USGS 1395, p. 100, sphere).
func ParseOutlines(geojson []byte, idProperty string, keep func(id string) bool) (*Outlines, error) {
	var fc struct {
		Features []struct {
			Properties map[string]any `json:"properties"`
			Geometry   struct {
				Type        string          `json:"type"`
				Coordinates json.RawMessage `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(geojson, &fc); err != nil {
		return nil, fmt.Errorf("outlines: %w", err)
	}
	shapes := make(map[string][]ring, len(fc.Features))
	o := &Outlines{Width: outlineWidth, paths: map[string]string{}}
	for _, f := range fc.Features {
		id := fmt.Sprint(f.Properties[idProperty])
		if keep != nil && !keep(id) {
			continue
		}
		rings, err := ringsOf(f.Geometry.Type, f.Geometry.Coordinates)
		if err != nil {
			return nil, fmt.Errorf("outlines: area %s: %w", id, err)
		}
		if _, seen := shapes[id]; !seen {
			o.order = append(o.order, id)
		}
		shapes[id] = append(shapes[id], rings...)
	}
	if len(shapes) == 0 {
		return nil, fmt.Errorf("outlines: no areas")
	}
	o.draw(shapes)
	return o, nil
}

type (
	point [2]float64
	ring  []point
)

func ringsOf(kind string, raw json.RawMessage) (rings []ring, err error) {
	switch kind {
	case "Polygon":
		err = json.Unmarshal(raw, &rings)
	case "MultiPolygon":
		var many [][]ring
		err = json.Unmarshal(raw, &many)
		for _, p := range many {
			rings = append(rings, p...)
		}
	default:
		err = fmt.Errorf("geometry %q is neither Polygon nor MultiPolygon", kind)
	}
	return rings, err
}

// draw projects the shapes, fits them into the width and writes the paths with one decimal, dropping points that fall together.
func (o *Outlines) draw(shapes map[string][]ring) {
	project := albers(bounds(shapes))
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, rings := range shapes {
		for _, r := range rings {
			for i := range r {
				r[i] = project(r[i])
				for k := range 2 {
					lo[k], hi[k] = math.Min(lo[k], r[i][k]), math.Max(hi[k], r[i][k])
				}
			}
		}
	}
	const edge = 2 // room for the border lines
	scale := (outlineWidth - 2*edge) / (hi[0] - lo[0])
	o.Height = int(math.Ceil((hi[1]-lo[1])*scale)) + 2*edge
	for id, rings := range shapes {
		var b strings.Builder
		for _, r := range rings {
			writeRing(&b, r, func(p point) (float64, float64) {
				return edge + (p[0]-lo[0])*scale, edge + (hi[1]-p[1])*scale
			})
		}
		o.paths[id] = b.String()
	}
}

func writeRing(b *strings.Builder, r ring, place func(point) (x, y float64)) {
	before, n := "", 0
	for _, p := range r {
		x, y := place(p)
		at := fmt.Sprintf("%.1f %.1f", x, y)
		if at == before {
			continue
		}
		if n++; n == 1 {
			b.WriteString("M" + at)
		} else {
			b.WriteString("L" + at)
		}
		before = at
	}
	b.WriteString("Z")
}

func bounds(shapes map[string][]ring) (lo, hi point) {
	lo, hi = point{180, 90}, point{-180, -90}
	for _, rings := range shapes {
		for _, r := range rings {
			for _, p := range r {
				for k := range 2 {
					lo[k], hi[k] = math.Min(lo[k], p[k]), math.Max(hi[k], p[k])
				}
			}
		}
	}
	return lo, hi
}

// albers is the projection for a window of longitudes and latitudes in degrees, on the unit sphere.
func albers(lo, hi point) func(point) point {
	const rad = math.Pi / 180
	sixth := (hi[1] - lo[1]) / 6
	s1, s2 := math.Sin((lo[1]+sixth)*rad), math.Sin((hi[1]-sixth)*rad)
	n := (s1 + s2) / 2
	if math.Abs(n) < 1e-6 { // a window around the equator: the cone becomes a cylinder
		n = math.Copysign(1e-6, n)
	}
	c := 1 - s1*s1 + 2*n*s1 // cos²φ1 + 2n·sin φ1
	rho := func(lat float64) float64 { return math.Sqrt(c-2*n*math.Sin(lat*rad)) / n }
	rho0, mid := rho((lo[1]+hi[1])/2), (lo[0]+hi[0])/2
	return func(p point) point {
		theta := n * (p[0] - mid) * rad
		return point{rho(p[1]) * math.Sin(theta), rho0 - rho(p[1])*math.Cos(theta)}
	}
}
