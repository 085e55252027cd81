package config

import "fmt"

// String hides the secrets, so that a configuration printed by accident gives none away.
func (c Config) String() string {
	return fmt.Sprintf("{BaseURL:%s Token:%s ClickHouse:%s}", c.BaseURL, mask(c.Token), c.ClickHouse)
}

// GoString is String, for %#v.
func (c Config) GoString() string { return c.String() }

// String hides the password.
func (c ClickHouse) String() string {
	others := ""
	for _, s := range c.Others {
		others += fmt.Sprintf(", %s:%d", s.Host, s.Port)
	}
	return fmt.Sprintf("{%s:%d%s user %s password %s database %s}", c.Host, c.Port, others, c.User, mask(c.Password),
		c.Database)
}

// GoString is String, for %#v.
func (c ClickHouse) GoString() string { return c.String() }

// String hides the addresses.
func (a Alerts) String() string {
	return fmt.Sprintf("{channels %s ping %s quiet hours %q}", mask(a.URLs), mask(a.PingURL), a.QuietHours)
}

// GoString is String, for %#v.
func (a Alerts) GoString() string { return a.String() }

// String hides the secret.
func (l Live) String() string {
	return fmt.Sprintf("{webhook secret %s users %q proxy %q trusted %q metrics %q token %s}",
		mask(l.WebhookSecret), l.UsersFile, l.ProxyHeader, l.TrustedProxies, l.MetricsListen, mask(l.MetricsToken))
}

// GoString is String, for %#v.
func (l Live) GoString() string { return l.String() }

// String hides the token and the key.
func (d DataLens) String() string {
	return fmt.Sprintf("{%s:%d token %s key %s}", d.Host, d.Port, mask(d.Token), mask(d.ServiceAccountKey))
}

// GoString is String, for %#v.
func (d DataLens) GoString() string { return d.String() }

func mask(secret string) string {
	if secret == "" {
		return "(not set)"
	}
	return "(set)"
}
