package web_test

import (
	"net/http"
	"testing"

	"github.com/baqylau/baqylau/internal/web"
)

func TestVisitorsAreToldApart(t *testing.T) {
	for addr, want := range map[string]string{"203.0.113.7:4711": "203.0.113.7", "203.0.113.7": "203.0.113.7", "[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::/64",
		"[2001:db8:1:2::9]:81": "2001:db8:1:2::/64", "[2001:db8:1:3::9]:81": "2001:db8:1:3::/64", "[::ffff:203.0.113.7]:80": "203.0.113.7", "pipe": "pipe"} {
		if got := web.Visitor(&http.Request{RemoteAddr: addr}); got != want {
			t.Errorf("%s is %s, want %s", addr, got, want)
		}
	}
}
