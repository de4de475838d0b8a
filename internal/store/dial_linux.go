package store

import (
	"errors"
	"syscall"
)

// tcpUserTimeout is TCP_USER_TIMEOUT of linux/tcp.h, in milliseconds (RFC 5482); package syscall does not name it.
const tcpUserTimeout = 18

// giveUp bounds how long sent data may stay unanswered: 20 s.
func giveUp(_, _ string, c syscall.RawConn) error {
	var err error
	if cerr := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, 20_000) }); cerr != nil {
		return cerr
	}
	if errors.Is(err, syscall.EOPNOTSUPP) || errors.Is(err, syscall.ENOPROTOOPT) { // a socket of the machine itself
		return nil
	}
	return err
}
