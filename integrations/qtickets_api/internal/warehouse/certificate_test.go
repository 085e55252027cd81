package warehouse_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// authority is an invented authority that issues certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))}
}

// issue is a certificate for 127.0.0.1, or what change makes of it.
func (a authority) issue(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "clickhouse"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	change(template)
	raw, err := x509.CreateCertificate(rand.Reader, template, a.cert, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: a.key}
}

// secured is the connection to the engine of c through a listener with TLS.
func secured(t *testing.T, c warehouse.Config, config *tls.Config) warehouse.Config {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	engine := net.JoinHostPort(c.Host, strconv.Itoa(c.Port))
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer from.Close()
				to, err := net.Dial("tcp", engine)
				if err != nil {
					return
				}
				defer to.Close()
				go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
				_, _ = io.Copy(from, to)
			}()
		}
	}()
	c.Port, c.Secure = listener.Addr().(*net.TCPAddr).Port, true
	return c
}

// TestFault2_1_CertificateIsNamed: what is wrong with it, whose it is, who issued it, until when, and what to do.
func TestFault2_1_CertificateIsNamed(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	own, other := newAuthority(t, "Invented Authority"), newAuthority(t, "Another Authority")
	date := func(d time.Duration) string { return time.Now().Add(d).Format(time.DateOnly) }
	const day = 24 * time.Hour
	for _, one := range []struct {
		name   string
		change func(*x509.Certificate)
		ca     string
		says   []string // nothing: it is accepted
	}{
		{"of an own authority, named", func(*x509.Certificate) {}, own.pem, nil},
		{"of an own authority", func(*x509.Certificate) {}, "",
			[]string{"Invented Authority", "127.0.0.1", date(time.Hour), "does not know who issued it", "CLICKHOUSE_CA"}},
		{"of an own authority, another one named", func(*x509.Certificate) {}, other.pem,
			[]string{"Invented Authority", "CLICKHOUSE_CA"}},
		{"expired", func(c *x509.Certificate) { c.NotBefore, c.NotAfter = time.Now().Add(-9*day), time.Now().Add(-2*day) },
			own.pem, []string{"Invented Authority", date(-9 * day), date(-2 * day), "renew it", "clock"}},
		{"not valid yet",
			func(c *x509.Certificate) { c.NotBefore, c.NotAfter = time.Now().Add(2*day), time.Now().Add(9*day) }, own.pem,
			[]string{date(2 * day), date(9 * day), "not valid on " + date(0)}},
		{"another name", func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"clickhouse.example.test"} },
			own.pem, []string{"clickhouse.example.test", "not made out to 127.0.0.1", "CLICKHOUSE_HOST"}},
		{"no name", func(c *x509.Certificate) { c.IPAddresses = nil }, own.pem, []string{"no host name (CN=clickhouse)"}},
		{"for something else", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning} },
			own.pem, []string{"incompatible key usage", "another one made"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			at := secured(t, c, &tls.Config{Certificates: []tls.Certificate{own.issue(t, one.change)}})
			at.CA = one.ca
			db, err := warehouse.Open(t.Context(), at)
			if err == nil {
				defer func() { _ = db.Close() }()
				err = db.CheckSchema(t.Context())
			}
			if len(one.says) == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, warehouse.ErrCertificate) || errors.Is(err, warehouse.ErrUnavailable) {
				t.Fatalf("%v", err)
			}
			for _, text := range one.says {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q does not say %q", err, text)
				}
			}
		})
	}
}

// TestFault2_1_ClientCertificate: a server that wants a certificate of ours is told apart from one that does not
// answer, and gets that of CLICKHOUSE_CERT.
func TestFault2_1_ClientCertificate(t *testing.T) {
	t.Parallel()
	c, own, other := testkit.Database(t), newAuthority(t, "Invented Authority"), newAuthority(t, "Another Authority")
	pool := x509.NewCertPool()
	pool.AddCert(own.cert)
	at := secured(t, c, &tls.Config{Certificates: []tls.Certificate{own.issue(t, func(*x509.Certificate) {})},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool})
	at.CA = own.pem
	for says, by := range map[string]*authority{"gets none": nil, "does not accept": &other, "": &own} {
		shown := at
		if by != nil {
			shown.Cert, shown.Key = by.client(t)
		}
		db, err := warehouse.Open(t.Context(), shown)
		if err == nil {
			_ = db.Close()
		}
		if says == "" && err != nil || says != "" && (!errors.Is(err, warehouse.ErrCertificate) ||
			!strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "CLICKHOUSE_KEY")) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// client is a certificate for a program, and its key.
func (a authority) client(t *testing.T) (cert, key string) {
	t.Helper()
	pair := a.issue(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
	raw, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, raw []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}))
	}
	return block("CERTIFICATE", pair.Certificate[0]), block("PRIVATE KEY", raw)
}
