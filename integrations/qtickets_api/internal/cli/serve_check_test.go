package cli

import "testing"

// TestListenOf: the check of a container asks where its serve listens, and nobody where another command runs.
func TestListenOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first   []string
		listen  string
		serving bool
	}{
		{[]string{"/qtickets_api", "serve"}, "wish", true},
		{[]string{"/qtickets_api", "--lang", "ru", "serve", "--listen", "127.0.0.1:9090"}, "127.0.0.1:9090", true},
		{[]string{"/qtickets_api", "serve", "--listen=0.0.0.0:8080"}, "0.0.0.0:8080", true},
		{[]string{"/qtickets_api", "sync"}, "", false},
		{[]string{"/qtickets_api"}, "", false},
		{[]string{"/sbin/init"}, "wish", true},
		{nil, "wish", true},
	} {
		if listen, serving := listenOf(c.first, "wish"); listen != c.listen || serving != c.serving {
			t.Errorf("%q: %q, %t", c.first, listen, serving)
		}
	}
}
