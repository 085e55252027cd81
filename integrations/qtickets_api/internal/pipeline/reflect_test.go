package pipeline_test

import "reflect"

func newOf(t reflect.Type) any { return reflect.New(t).Interface() }

func valueOf(p any) any { return reflect.ValueOf(p).Elem().Interface() }
