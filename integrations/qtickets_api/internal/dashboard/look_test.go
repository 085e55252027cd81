package dashboard

import "testing"

func TestLook(t *testing.T) {
	_, url := site(t, newInvented())
	for name, path := range map[string]string{"today": "/", "event": "/events/1?show=100", "events": "/events/1", "channels": "/channels?compare=previous", "data": "/data"} {
		b := open(t, url+path, look{width: 1280})
		b.keep(name)
		b = open(t, url+path, look{width: 360, dark: true})
		b.keep(name + "_360")
		t.Log(name, b.said(), b.asked())
	}
}
