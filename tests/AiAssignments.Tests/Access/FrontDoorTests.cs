using System.Net;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AiAssignments.Tests.Access;

/// <summary>Behind Front Door each caller has an address of its own, and nobody can choose one.</summary>
public sealed class FrontDoorTests
{
    private const string Door = "55ce4ed1-4b06-4bf1-b40e-4638452104da";
    private const string Other = "66ce4ed1-4b06-4bf1-b40e-4638452104da";

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("", "10.0.0.9")]
    [InlineData("1", "10.0.0.9")]
    [InlineData("0x7f.1", "10.0.0.9")]
    [InlineData("203.0.113.07", "10.0.0.9")]
    [InlineData("203.0.113.7:443", "10.0.0.9")]
    [InlineData("[2001:db8::7]:443", "10.0.0.9")]
    [InlineData("203.0.113.7, 203.0.113.8", "10.0.0.9")]
    [InlineData("localhost", "10.0.0.9")]
    [InlineData("-", "10.0.0.9")]
    public void The_doors_word_for_the_address_counts_when_it_is_one(string header, string address) =>
        Assert.Equal(IPAddress.Parse(address), Of(Guid.Parse(Door), Door, header));

    [Theory]
    [InlineData(Other)]
    [InlineData("")]
    [InlineData("{55ce4ed1-4b06-4bf1-b40e-4638452104da}")]
    [InlineData(Door + ", " + Door)]
    [InlineData(Other, Door)]
    [InlineData(Door, Door)]
    public void Another_door_says_nothing(params string[] ids) => Assert.Equal(IPAddress.Parse("10.0.0.9"), Of(Guid.Parse(Door), ids, "203.0.113.7"));

    [Fact]
    public void Two_addresses_are_none() => Assert.Equal(IPAddress.Parse("10.0.0.9"), Of(Guid.Parse(Door), Door, new StringValues(["203.0.113.7", "203.0.113.8"])));

    [Fact]
    public void Without_a_door_no_header_counts() => Assert.Equal(IPAddress.Parse("10.0.0.9"), Of(null, Door, "203.0.113.7"));

    [Fact]
    public async Task Callers_behind_the_door_have_rates_of_their_own_and_cannot_take_anothers()
    {
        await using var host = await GatewayHost.StartAsync(new AccessOptions { Keys = true, AddressLimit = new RateLimit(0.001, 1), FrontDoorId = Guid.Parse(Door) });
        Assert.Equal(HttpStatusCode.OK, await AskAsync(Door, "203.0.113.7"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(Door, "203.0.113.8"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(Door, "203.0.113.7"));

        // What a caller writes itself makes it nobody else: they share the connection's address.
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(Door, "203.0.113.7", ("X-Forwarded-For", "198.51.100.1"), ("X-Azure-ClientIP", "198.51.100.1")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(Other, "203.0.113.9"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(Other, "203.0.113.10"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(Door, "nowhere"));

        async Task<HttpStatusCode> AskAsync(string door, string address, params (string Name, string Value)[] more)
        {
            using var answer = await host.SendAsync("GET", "api/health/live", null, null, [("X-Azure-FDID", door), ("X-Azure-SocketIP", address), .. more]);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Where_nobody_is_asked_for_a_key_the_connections_address_decides()
    {
        await using var host = await GatewayHost.StartAsync(new AccessOptions { FrontDoorId = Guid.Parse(Door) });
        using var answer = await host.SendAsync("GET", "api/models", null, null, ("X-Azure-FDID", Door), ("X-Azure-SocketIP", "203.0.113.7"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public void The_id_comes_by_setting()
    {
        Assert.Equal(Guid.Parse(Door), Read(Door).FrontDoorId);
        Assert.Null(Read(null).FrontDoorId);
        Assert.Null(Read(string.Empty).FrontDoorId);
        Assert.Equal("option-invalid", Assert.Throws<ProblemException>(() => Read("my-door")).Problem.Code);

        static AccessOptions Read(string? door) => AccessSettings.Read(name => name == "auth" ? "keys" : name == "front-door-id" ? door : null, null, loopback: false);
    }

    private static IPAddress? Of(Guid? configured, StringValues door, StringValues address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.9");
        (context.Request.Headers["X-Azure-FDID"], context.Request.Headers["X-Azure-SocketIP"]) = (door, address);
        return CallerAddress.Of(context, configured);
    }
}
