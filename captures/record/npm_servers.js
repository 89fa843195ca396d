// npm_servers.js - servers made with libraries from npm: GraphQL, JSON-RPC and OData.
//
// usage: node npm_servers.js graphql|jsonrpc|odata PORT [FOLDER]
//
// The libraries are unmodified, and what they answer is theirs; from here come the few things that
// they are about. NODE_PATH names the folder of the packages (npm.sh).
//
// SPDX-License-Identifier: GPL-2.0-or-later
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');

// GraphQL: fields that fail beside fields that do not, and several operations in one request.
async function graphql(port) {
    const { ApolloServer } = require('@apollo/server');
    const { startStandaloneServer } = require('@apollo/server/standalone');
    const boats = { 1: { id: '1', name: 'Ada' }, 2: { id: '2', name: 'Grace' } };
    const server = new ApolloServer({
        typeDefs: `
            type Boat { id: ID!  name: String!  berth: Int }
            type Query { boat(id: ID!): Boat  boats(ids: [ID!]!): [Boat] }
            type Mutation { rename(id: ID!, name: String!): Boat }`,
        resolvers: {
            Boat: { berth: (boat) => boat.id === '1' ? 7 : fail('the harbour does not answer') },
            Query: {
                boat: (_, { id }) => boats[id] || fail(`no boat ${id}`),
                boats: (_, { ids }) => ids.map((id) => boats[id] || new Error(`no boat ${id}`)),
            },
            Mutation: {
                rename: (_, { id, name }) => boats[id] ? Object.assign(boats[id], { name })
                    : fail(`no boat ${id}`),
            },
        },
        allowBatchedHttpRequests: true,
        includeStacktraceInErrorResponses: false,
    });
    await startStandaloneServer(server, { listen: { port, host: '127.0.0.1' } });
}

function fail(message) {
    throw new Error(message);
}

// JSON-RPC 2.0
function jsonrpc(port) {
    const jayson = require('jayson');
    const server = new jayson.Server({
        add: ([a, b], done) => done(null, a + b),
        divide: ([a, b], done) => b === 0 ? done({ code: 1000, message: 'division by zero' })
            : done(null, a / b),
    });
    server.http().listen(port, '127.0.0.1');
}

const METADATA = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:DataServices><Schema Namespace="harbour" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityContainer Name="EntityContainer"><EntitySet Name="Boats" EntityType="harbour.Boats"/></EntityContainer>
<EntityType Name="Boats"><Key><PropertyRef Name="ID"/></Key>
<Property Name="ID" Type="Edm.Int32" Nullable="false"/><Property Name="name" Type="Edm.String"/>
<Property Name="berth" Type="Edm.Int32"/></EntityType>
</Schema></edmx:DataServices></edmx:Edmx>`;

// What the OData service has to say about some changes: the interface for it is the library's own.
const BEHAVIOUR = `module.exports = {
    async onBeforeUpdateEntry(keys, data) {
        if (data.berth > 100)
            this.throwError("There is no such berth.", 422,
                { error: { code: "BERTH", message: "There is no such berth." } });
    },
};`;

// OData 4 $batch
async function odata(port, folder) {
    const FEMockserver = require('@sap-ux/fe-mockserver-core').default;
    const service = path.join(folder, 'harbour');
    fs.mkdirSync(service, { recursive: true });
    fs.writeFileSync(path.join(service, 'metadata.xml'), METADATA);
    fs.writeFileSync(path.join(service, 'Boats.js'), BEHAVIOUR);
    fs.writeFileSync(path.join(service, 'Boats.json'), JSON.stringify([
        { ID: 1, name: 'Ada', berth: 7 }, { ID: 2, name: 'Grace', berth: 8 }]));
    const mock = new FEMockserver({
        services: [{ urlPath: '/harbour', metadataPath: path.join(service, 'metadata.xml'),
            mockdataPath: service, strictKeyMode: true, noETag: true }],
        annotations: [],
    });
    await mock.isReady;
    http.createServer((request, response) => mock.getRouter()(request, response, () => {
        response.statusCode = 404;
        response.end();
    })).listen(port, '127.0.0.1');
}

const [what, port, folder] = process.argv.slice(2);
const servers = { graphql, jsonrpc, odata };
if (!servers[what])
    throw new Error('usage: node npm_servers.js graphql|jsonrpc|odata PORT [FOLDER]');
Promise.resolve(servers[what](Number(port), folder)).catch((error) => {
    console.error(error);
    process.exit(1);
});
