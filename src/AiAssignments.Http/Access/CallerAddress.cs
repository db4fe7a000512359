using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;

namespace AiAssignments.Http.Access;

/// <summary>Where a request comes from, for the rates of those without a credential.</summary>
internal static class CallerAddress
{
    /// <summary>Says which Front Door a request came through; it overwrites what a caller sends.</summary>
    public const string DoorHeader = "X-Azure-FDID";

    /// <summary>
    /// The address at the other end of the connection to Front Door. Not <c>X-Azure-ClientIP</c>: that one heeds a caller's own <c>X-Forwarded-For</c>,
    /// with which each request could come from another address and no rate would hold (learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol).
    /// </summary>
    public const string AddressHeader = "X-Azure-SocketIP";

    /// <summary>The address: Front Door's word for it where the request came through that Front Door, else the connection's.</summary>
    /// <param name="context">The request; its headers are hostile.</param>
    /// <param name="frontDoor">Id of the Front Door; <c>null</c>: none.</param>
    public static IPAddress? Of(HttpContext context, Guid? frontDoor)
    {
        var headers = context.Request.Headers;
        return frontDoor is { } door && headers[DoorHeader] is [{ } text] && Guid.TryParseExact(text, "D", out var id) && id == door
            ? Parse(headers[AddressHeader]) ?? context.Connection.RemoteIpAddress
            : context.Connection.RemoteIpAddress;
    }

    // One value and one address: the parser would also take '1', '0x7f.1' and '[::1]:80'.
    private static IPAddress? Parse(StringValues header) =>
        header is [{ Length: > 1 and < 46 } text] && text[0] != '[' && IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text)
            ? address
            : null;
}
