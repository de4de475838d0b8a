package atom

import (
	"encoding/json"
	"io"
	"path"
)

// JSONMediaType is the type of a JSON feed.
const JSONMediaType = "application/feed+json"

// jsonVersion names the standard: https://jsonfeed.org/version/1.1
const jsonVersion = "https://jsonfeed.org/version/1.1"

type jsonFeed struct {
	Version  string       `json:"version"`
	Title    string       `json:"title"`
	Home     string       `json:"home_page_url,omitempty"`
	URL      string       `json:"feed_url"`
	Language string       `json:"language,omitempty"`
	Authors  []jsonAuthor `json:"authors,omitempty"`
	Items    []jsonItem   `json:"items"`
	Own      *jsonOwn     `json:"_baqylau,omitempty"` // the standard's way for what it has no field for
}

type jsonOwn struct {
	Withdrawn []jsonWithdrawn `json:"withdrawn"`
}

type jsonWithdrawn struct {
	ID     string `json:"id"`
	Date   Time   `json:"date"`
	Reason string `json:"reason,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonItem struct {
	ID          string            `json:"id"`
	URL         string            `json:"url,omitempty"`
	Title       string            `json:"title"`
	Text        string            `json:"content_text"`
	Image       string            `json:"image,omitempty"`
	Published   *Time             `json:"date_published,omitempty"`
	Modified    Time              `json:"date_modified"`
	Tags        []string          `json:"tags,omitempty"`
	Language    string            `json:"language,omitempty"`
	Attachments []jsonAttachment  `json:"attachments,omitempty"`
	Own         map[string]string `json:"_baqylau,omitempty"` // categories for machines: "severity" → "red"
}

type jsonAttachment struct {
	URL   string `json:"url"`
	Type  string `json:"mime_type"`
	Title string `json:"title,omitempty"`
	Size  int64  `json:"size_in_bytes,omitempty"`
}

// WriteJSON writes the same feed as JSON Feed 1.1, after Validate; self is the address of this form. Entries keep their identifiers, enclosures
// become attachments, and what was withdrawn stands under "_baqylau", since JSON Feed has no tombstones.
func WriteJSON(w io.Writer, f Feed, self string) error {
	if err := f.Validate(); err != nil {
		return err
	}
	out := jsonFeed{Version: jsonVersion, Title: f.Title.Body, Home: page(f.Links), URL: self, Language: f.Lang, Items: []jsonItem{}}
	for _, a := range f.Authors {
		out.Authors = append(out.Authors, jsonAuthor{a.Name, a.URI})
	}
	for _, e := range f.Entries {
		out.Items = append(out.Items, item(e))
	}
	for _, d := range f.Deleted {
		x := jsonWithdrawn{ID: d.Ref, Date: d.When}
		if d.Comment != nil {
			x.Reason = d.Comment.Body
		}
		if out.Own == nil {
			out.Own = &jsonOwn{}
		}
		out.Own.Withdrawn = append(out.Own.Withdrawn, x)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func item(e Entry) jsonItem {
	x := jsonItem{ID: e.ID, URL: page(e.Links), Title: e.Title.Body, Published: e.Published, Modified: e.Updated, Language: e.Lang}
	if e.Summary != nil {
		x.Text = e.Summary.Body
	}
	for _, c := range e.Categories {
		x.Tags = append(x.Tags, c.Label)
		if c.Scheme != "" {
			if x.Own == nil {
				x.Own = map[string]string{}
			}
			x.Own[path.Base(c.Scheme)] = c.Term
		}
	}
	for _, l := range e.Links {
		if l.Rel != "enclosure" {
			continue
		}
		x.Attachments = append(x.Attachments, jsonAttachment{URL: l.Href, Type: l.Type, Title: l.Title, Size: l.Length})
		if x.Image == "" && path.Dir(l.Type) == "image" {
			x.Image = l.Href
		}
	}
	return x
}

// page is the address for people among links.
func page(links []Link) string {
	for _, l := range links {
		if (l.Rel == "alternate" || l.Rel == "") && l.Type == "text/html" {
			return l.Href
		}
	}
	return ""
}
