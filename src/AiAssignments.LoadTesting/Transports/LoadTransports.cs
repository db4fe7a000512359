using AiAssignments.LoadTesting.Targets;
using AiAssignments.LoadTesting.Transports.Http1;
using AiAssignments.LoadTesting.Transports.Http2;
using AiAssignments.LoadTesting.Transports.WebSockets;

namespace AiAssignments.LoadTesting.Transports;

/// <summary>Chooses the transport of a plan.</summary>
internal static class LoadTransports
{
    public static ILoadTransport Create(LoadPlan plan)
    {
        RequestHeaders.Check(plan.Headers);
        var headers = plan.Headers.Any(header => header.Key.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)) ? plan.Headers : [.. plan.Headers, new("User-Agent", "aia-loadtest")];
        var dialer = new Dialer(plan.Target, plan.AnyCertificate);
        return plan.Target.Protocol switch
        {
            LoadProtocol.Http1 => new Http1Transport(dialer, headers, plan.LargestBody),
            LoadProtocol.WebSocket => new WebSocketTransport(dialer, headers, plan.WebSocket, plan.LargestBody),
            var protocol => new Http2Transport(dialer, headers, plan.StreamsPerConnection, plan.LargestBody, grpc: protocol == LoadProtocol.Grpc),
        };
    }
}
