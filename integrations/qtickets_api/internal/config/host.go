package config

import (
	"cmp"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// hostName is a name of a server or its IPv4 address. Docker's own names may hold an underscore.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$`)

// mostHosts is more replicas than anybody keeps of a box office.
const mostHosts = 16

// hosts reads one server or several, separated by commas: names or addresses, each of which may bring its port. An IPv6
// address stands with or without brackets. What is refused is never quoted: it may hold a password.
func (r *reader) hosts(name, portName string, port int) (first Server, others []Server) {
	first = Server{Port: port}
	text := strings.TrimSpace(r.text(name))
	if text == "" {
		return first, nil
	}
	entries := strings.Split(text, ",")
	if len(entries) > mostHosts {
		r.wrong(name, "more than %d servers: name the replicas that this program is to ask", mostHosts)
		return first, nil
	}
	for i, entry := range entries {
		host, own, ok := splitHost(strings.TrimSpace(entry))
		server := Server{Host: host, Port: cmp.Or(own, port)}
		switch {
		case strings.TrimSpace(entry) == "":
			r.wrong(name, "entry %d of the list is empty: take the comma away", i+1)
		case !ok:
			r.wrong(name, "not the name or address of a server: write it alone, as ch-zakaz, 127.0.0.1, ::1 or ch-zakaz:8123, "+
				"without http://, path, user, password or blanks, and replicas with commas between; those of the user go into "+
				"CLICKHOUSE_USER and CLICKHOUSE_PASSWORD, and CLICKHOUSE_SECURE=true stands for https")
		case len(entries) == 1 && own != 0 && r.values[portName] != "" && own != port:
			r.wrong(name, "its port is %d, and %s is %d: keep one of them", own, portName, port)
		case i > 0 && (server == first || slices.Contains(others, server)):
			r.wrong(name, "entry %d of the list was there before: name each server once", i+1)
		case i > 0:
			others = append(others, server)
		default:
			first = server
		}
	}
	return first, others
}

// splitHost takes the port off; 0: there is none.
func splitHost(text string) (host string, port int, ok bool) {
	if bare := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"); isAddress(bare) &&
		strings.HasPrefix(text, "[") == strings.HasSuffix(text, "]") {
		return bare, 0, true
	}
	host = text
	if before, after, err := net.SplitHostPort(text); err == nil {
		n, err := strconv.Atoi(after)
		if err != nil || n < 1 || n > 65535 {
			return "", 0, false
		}
		host, port = before, n
	}
	return host, port, isAddress(host) || hostName.MatchString(host)
}

// isAddress is about IPv6; a name of digits and dots is what hostName says.
func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}
