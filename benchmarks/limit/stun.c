// STUN as far as clients that mean well need it. What cannot be done is not answered.

#include "forwarder.h"

#include <arpa/inet.h>
#include <string.h>

enum {
  BINDING = 0x0001,
  ALLOCATE = 0x0003,
  REFRESH = 0x0004,
  CREATE_PERMISSION = 0x0008,
  CHANNEL_BIND = 0x0009,
  SEND_INDICATION = 0x0016,
  DATA_INDICATION = 0x0017,
  SUCCESS = 0x0100, // added to the method
};

enum {
  CHANNEL_NUMBER = 0x000C,
  LIFETIME = 0x000D,
  XOR_PEER_ADDRESS = 0x0012,
  DATA = 0x0013,
  XOR_RELAYED_ADDRESS = 0x0016,
  XOR_MAPPED_ADDRESS = 0x0020,
};

enum { COOKIE = 0x2112A442, LIFETIME_SECONDS = 3600 };

typedef struct {
  Endpoint peer;
  uint16_t channel;
  uint32_t lifetime, data_length;
  const uint8_t *data;
} Attributes;

static bool read_attributes(const uint8_t *p, const uint8_t *end, Attributes *into) {
  while (p < end) {
    if (end - p < 4) return false;
    uint32_t length = get16(p + 2), padded = (length + 3) & ~3u;
    if (padded > (size_t)(end - p) - 4) return false;
    const uint8_t *value = p + 4;
    switch (get16(p)) {
      case CHANNEL_NUMBER:
        if (length == 4) into->channel = get16(value);
        break;
      case LIFETIME:
        if (length == 4) into->lifetime = get32(value);
        break;
      case DATA:
        into->data = value;
        into->data_length = length;
        break;
      case XOR_PEER_ADDRESS:
        if (length != 8 || value[1] != 1) return false; // IPv4 alone
        into->peer.port = htons((uint16_t)(get16(value + 2) ^ COOKIE >> 16));
        into->peer.address = htonl(get32(value + 4) ^ COOKIE);
        break;
      default:
        break;
    }
    p = value + padded;
  }
  return true;
}

static uint8_t *put_address(uint8_t *p, uint16_t type, Endpoint e) {
  put16(p, type);
  put16(p + 2, XOR_ADDRESS - 4);
  put16(p + 4, 1);
  put16(p + 6, ntohs(e.port) ^ COOKIE >> 16);
  put32(p + 8, ntohl(e.address) ^ COOKIE);
  return p + XOR_ADDRESS;
}

static uint8_t *put_lifetime(uint8_t *p, uint32_t seconds) {
  put16(p, LIFETIME);
  put16(p + 2, 4);
  put32(p + 4, seconds);
  return p + 8;
}

// The answer takes the place of the request, whose transaction id it keeps.
static void answer(uint8_t *request, uint16_t method, Endpoint from, Client *client,
                   const Attributes *asked) {
  uint8_t *end = request + STUN_HEADER;
  struct sockaddr_in name;
  socklen_t length = sizeof name;
  switch (method) {
    case BINDING:
      end = put_address(end, XOR_MAPPED_ADDRESS, from);
      break;
    case ALLOCATE: // once more if the answer was lost: then it is the same
      if (!client) client = clients_add(from);
      if (!client || getsockname(client->relay.fd, (struct sockaddr *)&name, &length) != 0) return;
      Endpoint relay = {name.sin_addr.s_addr, name.sin_port};
      end = put_address(end, XOR_RELAYED_ADDRESS, relay);
      end = put_address(end, XOR_MAPPED_ADDRESS, from);
      end = put_lifetime(end, LIFETIME_SECONDS);
      break;
    case REFRESH:
      if (!client) return;
      end = put_lifetime(end, asked->lifetime ? LIFETIME_SECONDS : 0);
      if (!asked->lifetime) clients_remove(client);
      break;
    case CREATE_PERMISSION:
      if (!client) return;
      break;
    case CHANNEL_BIND:
      if (!client || !client_bind(client, asked->channel, asked->peer)) return;
      break;
    default:
      return;
  }
  put16(request, method | SUCCESS);
  put16(request + 2, (uint32_t)(end - request) - STUN_HEADER);
  outbox_add(&listener, from, request, (uint32_t)(end - request));
}

// A request is answered only if it came `alone`: then there is room behind it. Segments are data.
void stun_message(uint8_t *message, uint32_t length, Endpoint from, Client *client, bool alone) {
  Attributes attributes = {.lifetime = LIFETIME_SECONDS};
  if (length < STUN_HEADER || get32(message + 4) != COOKIE
      || get16(message + 2) + (uint32_t)STUN_HEADER != length
      || !read_attributes(message + STUN_HEADER, message + length, &attributes)) return;
  uint16_t type = get16(message);
  if (type != SEND_INDICATION) {
    if (alone) answer(message, type, from, client, &attributes);
  } else if (client && attributes.data && attributes.peer.port) {
    outbox_add(&client->relay, attributes.peer, attributes.data, attributes.data_length);
  }
}

void stun_data_header(uint8_t *header, Endpoint peer, uint32_t length, uint32_t padding) {
  put16(header, DATA_INDICATION);
  put16(header + 2, DATA_HEADER - STUN_HEADER + length + padding);
  put32(header + 4, COOKIE);
  memset(header + 8, 0, 12); // nobody answers an indication, so its transaction id may be any
  put_address(header + STUN_HEADER, XOR_PEER_ADDRESS, peer);
  put16(header + STUN_HEADER + XOR_ADDRESS, DATA);
  put16(header + STUN_HEADER + XOR_ADDRESS + 2, length);
}
