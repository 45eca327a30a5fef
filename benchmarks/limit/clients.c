// The table of clients, each with its relay and its channels.

#define _GNU_SOURCE
#include "forwarder.h"

#include <netinet/udp.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { BUCKET_BITS = 16 };

static Client clients[CLIENTS + 1]; // place 0 means none, and the listener in what epoll says
static uint32_t buckets[1 << BUCKET_BITS];
static uint32_t free_place;
static struct in_addr local;
static int poller;

void clients_prepare(struct in_addr address, int epoll) {
  local = address;
  poller = epoll;
  for (uint32_t place = CLIENTS; place > 0; place--) {
    clients[place].relay.fd = -1;
    clients[place].next = free_place;
    free_place = place;
  }
}

int clients_socket(uint16_t port) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = local};
  int on = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (bind(fd, (struct sockaddr *)&name, sizeof name) == 0
      && (!offload || setsockopt(fd, SOL_UDP, UDP_GRO, &on, sizeof on) == 0)) return fd;
  close(fd);
  return -1;
}

static uint32_t *bucket(Endpoint e) {
  uint32_t mixed = (e.address ^ (uint32_t)e.port << 16 ^ e.port) * 0x9E3779B1u;
  return &buckets[mixed >> (32 - BUCKET_BITS)];
}

Client *clients_at(uint32_t place) {
  return clients[place].relay.fd < 0 ? NULL : &clients[place];
}

Client *clients_find(Endpoint address) {
  for (uint32_t place = *bucket(address); place; place = clients[place].next)
    if (same(clients[place].address, address)) return &clients[place];
  return NULL;
}

Client *clients_add(Endpoint address) {
  uint32_t place = free_place, *head = bucket(address);
  int fd = place ? clients_socket(0) : -1;
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = place};
  if (fd < 0) return NULL;
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) {
    close(fd);
    return NULL;
  }
  Client *client = &clients[place];
  free_place = client->next;
  *client = (Client){.relay.fd = fd, .address = address, .next = *head};
  *head = place;
  return client;
}

void clients_remove(Client *client) {
  uint32_t place = (uint32_t)(client - clients), *link = bucket(client->address);
  outbox_flush(); // which may hold packets of this relay
  close(client->relay.fd);
  client->relay.fd = -1;
  while (*link != place) link = &clients[*link].next;
  *link = client->next;
  client->next = free_place;
  free_place = place;
}

bool client_bind(Client *client, uint16_t channel, Endpoint peer) {
  if (channel < 0x4000 || channel > 0x7FFE) return false;
  const Endpoint *bound = client_peer(client, channel);
  if (bound) return same(*bound, peer);
  if (client->bound == CHANNELS || client_channel(client, peer)) return false;
  client->channels[client->bound].number = channel;
  client->channels[client->bound++].peer = peer;
  return true;
}

const Endpoint *client_peer(const Client *client, uint16_t channel) {
  for (int i = 0; i < client->bound; i++)
    if (client->channels[i].number == channel) return &client->channels[i].peer;
  return NULL;
}

uint16_t client_channel(const Client *client, Endpoint peer) {
  for (int i = 0; i < client->bound; i++)
    if (same(client->channels[i].peer, peer)) return client->channels[i].number;
  return 0;
}
