// Decodes recorded gzip bodies with compress/gzip: read whole|cut file...
package main

import (
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	for _, path := range os.Args[2:] {
		file, err := os.Open(path)
		must(err)
		reader, err := gzip.NewReader(file)
		must(err)
		plain, err := io.ReadAll(reader)
		if os.Args[1] != "cut" || !errors.Is(err, io.ErrUnexpectedEOF) {
			must(err)
		}
		fmt.Printf("%x\n", sha256.Sum256(plain))
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
