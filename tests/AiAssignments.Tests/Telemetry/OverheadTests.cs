using System.Diagnostics;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Tests.Telemetry;

/// <summary>Alone, because any listener of another test would be one.</summary>
[Collection("Instruments")]
public sealed class OverheadTests
{
    [Fact]
    public void Without_a_listener_a_span_and_a_figure_cost_no_memory()
    {
        Assert.False(Instruments.Source.HasListeners());
        var model = new KeyValuePair<string, object?>("model", "m");
        Once(model);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            Once(model);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Once(KeyValuePair<string, object?> model)
    {
        using var span = Instruments.Source.StartActivity("predict");
        span?.SetTag("model", "m");
        Activity.Current?.SetTag("shard", 1);
        Instruments.BatchRows.Record(1, model);
    }
}
