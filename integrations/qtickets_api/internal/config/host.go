package config

import (
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// hostName is a name of a server or its IPv4 address. Docker's own names may hold an underscore.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$`)

// host reads a server's name or address, which may bring its port. An IPv6 address stands with or without brackets.
// What is refused is never quoted: it may hold a password.
func (r *reader) host(name, portName string, port int) (string, int) {
	text := strings.TrimSpace(r.text(name))
	if text == "" {
		return "", port
	}
	host, own, ok := splitHost(text)
	switch {
	case !ok:
		r.wrong(name, "not the name or address of one server: write it alone, as ch-zakaz, 127.0.0.1, ::1 or ch-zakaz:8123, "+
			"without http://, path, user, password or blanks; those of the user go into CLICKHOUSE_USER and "+
			"CLICKHOUSE_PASSWORD, and CLICKHOUSE_SECURE=true stands for https")
	case own != 0 && r.values[portName] != "" && own != port:
		r.wrong(name, "its port is %d, and %s is %d: keep one of them", own, portName, port)
	case own != 0:
		port = own
	}
	return host, port
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
