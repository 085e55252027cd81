package alert

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Ping reports to a dead-man's switch that the alerts are alive, by a GET. The error does not name the address.
func Ping(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("it is not an http(s) address")
	}
	if err := get(ctx, address); err != nil {
		return fmt.Errorf("ping the dead-man's switch: %w: check ALERT_PING_URL", newRedactor(address, u).clean(err))
	}
	return nil
}

func get(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return withoutAddress(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10))
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("HTTP %d", response.StatusCode)
	}
	return nil
}
