package warehouse

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrCertificate is returned when something answers over TLS and its certificate is not accepted.
var ErrCertificate = errors.New("the certificate of ClickHouse is not accepted")

// tlsConfig believes the authorities of the system and those of CA, and shows Cert.
func (c Config) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}
	if c.Cert != "" {
		pair, err := tls.X509KeyPair([]byte(c.Cert), []byte(c.Key))
		if err != nil {
			return nil, fmt.Errorf("%w: CLICKHOUSE_CERT and CLICKHOUSE_KEY do not belong together: %w", ErrCertificate, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if c.CA == "" {
		return config, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil { // a system without any
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM([]byte(c.CA)) {
		return nil, fmt.Errorf("%w: CLICKHOUSE_CA holds no certificate: name a PEM file", ErrCertificate)
	}
	config.RootCAs = roots
	return config, nil
}

// describeCertificate says what is wrong with the certificate, whose it is, and what to do; nil: the error is another.
func (c Config) describeCertificate(err error) error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var refused *tls.CertificateVerificationError
	switch {
	case errors.Is(err, ErrCertificate):
		return err
	case errors.As(err, &name):
		return c.certificateError(name.Certificate, fmt.Sprintf("it is not made out to %s: set CLICKHOUSE_HOST to a name it "+
			"is made out to, or have one made for %[1]s", c.Host))
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return c.certificateError(invalid.Cert, fmt.Sprintf("it is not valid on %s, today on this machine's clock: renew it "+
			"on the server, or set the clock", day(time.Now())))
	case errors.As(err, &unknown):
		return c.certificateError(unknown.Cert, "this machine does not know who issued it: put the certificate of that "+
			"authority into a PEM file and name the file in CLICKHOUSE_CA")
	case errors.As(err, &refused):
		return c.certificateError(refused.UnverifiedCertificates[0], fmt.Sprintf("%v: have another one made", refused.Err))
	case strings.Contains(err.Error(), "remote error: tls: ") && strings.Contains(err.Error(), "certificate"):
		return fmt.Errorf("%w: %s demands a certificate of the client and %s: name one that an authority of the server "+
			"issued in CLICKHOUSE_CERT, and its key in CLICKHOUSE_KEY, or let users log in with a password (verificationMode "+
			"none or relaxed in <openSSL> of the server)", ErrCertificate, c.address(), c.ownCertificate())
	}
	return nil
}

// ownCertificate is why a server refuses us.
func (c Config) ownCertificate() string {
	if c.Cert == "" {
		return "gets none"
	}
	return "does not accept that of CLICKHOUSE_CERT"
}

func (c Config) certificateError(cert *x509.Certificate, what string) error {
	return fmt.Errorf("%w: %s shows one for %s, issued by %s, valid from %s to %s; %s", ErrCertificate, c.address(),
		holders(cert), cert.Issuer, day(cert.NotBefore), day(cert.NotAfter), what)
}

// holders are the names a certificate is made out to.
func holders(cert *x509.Certificate) string {
	names := cert.DNSNames
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return "no host name (" + cert.Subject.String() + ")"
	}
	return strings.Join(names, ", ")
}

func day(t time.Time) string { return t.Format(time.DateOnly) }
