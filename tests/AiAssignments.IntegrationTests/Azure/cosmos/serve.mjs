// Serves Cosmos DB's API over plain HTTP on a free port of this machine, whose number is the first line written,
// until the standard input ends: so it ends with the tests, however they end.
import cosmos from "@vercel/cosmosdb-server";

const server = cosmos.createHttpServer({ keepAlive: true });
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("close", () => process.exit());
