// What the parts of the forwarder share; forwarder.c says what it is.

#ifndef FORWARDER_H
#define FORWARDER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
  CLIENTS = 20000, // allocations at once
  CHANNELS = 8,    // that one client may bind
  PACKETS = 4096,  // gathered before they are sent, at the end of a turn at the latest
  HEADROOM = 64,   // in front of what is received, for the largest header that is added
};

enum {
  STUN_HEADER = 20,
  CHANNEL_HEADER = 4,
  XOR_ADDRESS = 12,
  DATA_HEADER = STUN_HEADER + XOR_ADDRESS + 4, // of a Data indication, up to the data
};

// An IPv4 address and a port as they are in a sockaddr_in: to compare two is to compare numbers.
typedef struct {
  uint32_t address;
  uint16_t port;
} Endpoint;

// A datagram to send, in up to three pieces, so that neither header nor padding moves the payload.
typedef struct {
  const uint8_t *payload;
  uint32_t length;
  uint32_t next; // of the same socket, 0 if this is the last
  Endpoint to;
  uint16_t header_length, padding;
  uint8_t header[DATA_HEADER];
} Packet;

typedef struct {
  int fd;
  uint32_t first, last; // the packets gathered for it, 0 if there are none
  uint32_t seen;        // the turn in which it was last readable
  bool bursty;          // the last look found more than one datagram
} Socket;

typedef struct {
  Socket relay; // its fd is -1 where this place is free
  Endpoint address;
  uint32_t next; // in the same bucket, or the next free place
  uint8_t bound;
  struct {
    uint16_t number;
    Endpoint peer;
  } channels[CHANNELS];
} Client;

typedef union { // room for the one control message that a datagram may have, aligned as it must be
  char bytes[CMSG_SPACE(sizeof(int))];
  struct cmsghdr align;
} Control;

static inline bool same(Endpoint a, Endpoint b) {
  return a.address == b.address && a.port == b.port;
}

static inline uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }

static inline uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }

static inline void put16(uint8_t *p, uint32_t value) {
  p[0] = (uint8_t)(value >> 8);
  p[1] = (uint8_t)value;
}

static inline void put32(uint8_t *p, uint32_t value) {
  put16(p, value >> 16);
  put16(p + 2, value);
}

extern bool offload; // whether UDP_GRO and UDP_SEGMENT are used
extern unsigned long long sent, lost;
extern Socket listener;

// outbox.c
Packet *outbox_add(Socket *socket, Endpoint to, const uint8_t *payload, uint32_t length);
void outbox_flush(void);

// clients.c
void clients_prepare(struct in_addr local, int poller);
int clients_socket(uint16_t port);
Client *clients_at(uint32_t place);
Client *clients_find(Endpoint address);
Client *clients_add(Endpoint address);
void clients_remove(Client *client);
bool client_bind(Client *client, uint16_t channel, Endpoint peer);
const Endpoint *client_peer(const Client *client, uint16_t channel);
uint16_t client_channel(const Client *client, Endpoint peer);

// stun.c
void stun_message(uint8_t *message, uint32_t length, Endpoint from, Client *client, bool alone);
void stun_data_header(uint8_t *header, Endpoint peer, uint32_t length, uint32_t padding);

#endif
