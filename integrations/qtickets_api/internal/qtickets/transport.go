package qtickets

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// NewTransport is how the client reaches QTickets: through the proxy that proxy names, if any, keeping as many idle
// connections as there may be requests in flight.
func NewTransport(inFlight int, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	// By default Go keeps two idle connections; with more requests in flight the others would reconnect every time.
	transport.MaxIdleConnsPerHost = inFlight
	// QTickets was seen to read the body of a GET over HTTP/1.1 only; a server may drop it over HTTP/2.
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP1(true)
	transport.Proxy = proxy
	transport.OnProxyConnectResponse = refusedByProxy
	return transport
}

// proxyRefusal is a proxy's own response where QTickets' was expected.
type proxyRefusal struct{ status int }

func (p *proxyRefusal) Error() string { return fmt.Sprintf("the proxy answered HTTP %d", p.status) }

// passing tells a refusal that may pass from one that somebody has to mend, such as a wrong password.
func (p *proxyRefusal) passing() bool {
	return p.status >= http.StatusInternalServerError || p.status == http.StatusTooManyRequests
}

func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyRefusal{response.StatusCode}
}

// proxyError is the failure of a proxy inside the error of a request, or nil. The address of the proxy may hold a
// password, so what Go says about it is not repeated.
func (c *Client) proxyError(request *http.Request, err error) error {
	if _, bad := c.options.Proxy(request); bad != nil {
		return errors.New("its address cannot be read")
	}
	if refusal := (*proxyRefusal)(nil); errors.As(err, &refusal) {
		return refusal
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect") {
		return op.Err
	}
	return nil
}

// refusalOf reports a response that is the proxy's and not QTickets': over TLS a proxy can only refuse to connect, but
// a plain request it answers itself. A gateway error without JSON is then taken for its own.
func (c *Client) refusalOf(response *http.Response, text *bufio.Reader) *proxyRefusal {
	status := response.StatusCode
	proxy, _ := c.options.Proxy(response.Request) // whose error would have ended the request
	if proxy == nil {
		return nil
	}
	switch status {
	case http.StatusProxyAuthRequired:
		return &proxyRefusal{status}
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if response.Request.URL.Scheme == "http" && isWebPage(response, text) {
			return &proxyRefusal{status}
		}
	}
	return nil
}
