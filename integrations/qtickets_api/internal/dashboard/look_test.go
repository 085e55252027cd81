package dashboard

import (
	"context"
	"testing"
)
import "github.com/chromedp/chromedp"

func TestLook(t *testing.T) {
	_, url := site(t, newInvented())
	for name, path := range map[string]string{"today": "/?lang=ru", "event": "/events/1?show=100&lang=ru", "events": "/events/1", "channels": "/channels?compare=previous&lang=ru", "data": "/data?lang=ru"} {
		b := open(t, url+path, look{width: 1280})
		t.Log(name, b.said(), len(b.asked()))
		b.keep(name)
		_ = chromedp.Cancel(b.ctx)
		b = open(t, url+path, look{width: 360, dark: true})
		b.keep(name + "_360")
		_ = chromedp.Cancel(b.ctx)
	}
	_ = context.Background
}
