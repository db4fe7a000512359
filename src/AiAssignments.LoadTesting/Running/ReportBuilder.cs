using System.Globalization;
using System.Reflection;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.LoadTesting.Running;

/// <summary>Makes the report of a run.</summary>
internal static class ReportBuilder
{
    // From this share of all processors on, the generator had none to spare.
    private const double BusyProcessors = 0.9;

    public static LoadReport Build(LoadPlan plan, LoadRecorder recorder, ILoadDriver driver, IReadOnlyList<SecondPoint> series, StabilityFigures stability, RunFacts facts)
    {
        var total = recorder.Total;
        var seconds = (double)facts.Measured / TimeSpan.TicksPerSecond;
        var succeeded = total.Requests - total.Failed;
        var whole = Math.Min((int)seconds, facts.Answered.Count);

        // Over whole seconds: what was under way at either end belongs to neither more nor less than it should.
        var perSecond = whole > 0 ? facts.Answered.Take(whole).Sum() / (double)whole : seconds > 0 ? succeeded / seconds : 0;
        return new LoadReport
        {
            Product = typeof(ReportBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
            StartedAt = facts.StartedAt,
            Seconds = seconds,
            Ended = facts.Ended,
            Load = Settings(plan),
            Requests = new RequestFigures(
                total.Requests,
                succeeded,
                total.Failed,
                total.Requests > 0 ? (double)succeeded / total.Requests : null,
                perSecond,
                plan.Model is OpenModel && seconds > 0 ? total.Requests / seconds : null,
                total.BytesSent,
                total.BytesReceived,
                seconds > 0 ? total.BytesReceived / seconds : 0),
            Latency = total.Latency.Figures(),
            Service = total.Service.Figures(),
            Errors = total.Errors,
            Statuses = total.Statuses.Where(status => status.Key != 0 || plan.Target.Protocol == LoadProtocol.Grpc).ToDictionary(status => Status(plan, status.Key), status => status.Value),
            Messages = recorder.Messages,
            Stability = stability,
            Generator = Generator(plan, total, driver, facts),
            Series = series,
        };
    }

    private static string Status(LoadPlan plan, int status) => plan.Target.Protocol == LoadProtocol.Grpc && status < 100
        ? string.Create(CultureInfo.InvariantCulture, $"grpc {status}")
        : status.ToString(CultureInfo.InvariantCulture);

    private static LoadSettings Settings(LoadPlan plan)
    {
        var (closed, open) = (plan.Model as ClosedModel, plan.Model as OpenModel);
        var protocol = plan.Target.Protocol switch { LoadProtocol.Http1 => "http1", LoadProtocol.Http2 => "http2", LoadProtocol.WebSocket => "websocket", _ => "grpc" };
        return new LoadSettings(
            plan.Target.Url.GetLeftPart(UriPartial.Path),
            plan.Target.Address.ToString(),
            protocol,
            closed is not null ? "closed" : "open",
            closed?.Users,
            closed?.Think.TotalMilliseconds,
            open?.Name,
            open?.HighestRate,
            plan.WarmUp.TotalSeconds,
            plan.Duration.TotalSeconds,
            plan.Timeout.TotalSeconds);
    }

    private static GeneratorFigures Generator(LoadPlan plan, Tally total, ILoadDriver driver, RunFacts facts)
    {
        double Lag(double percent) => (double)total.Lag.Percentile(percent) / TimeSpan.TicksPerMillisecond;
        var (lag, bound) = (Lag(99), plan.LagBound.TotalMilliseconds);
        var warnings = new List<string>();
        if (lag > bound)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The generator was the bottleneck: 1 % of the requests left {lag:F1} ms or more after they were due although a connection was free (bound {bound:F1} ms). Latencies hold that delay; use a lower rate or a machine with more processors."));
        }

        if (facts.ThreadDelay > bound)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The generator was the bottleneck: answers waited {facts.ThreadDelay:F1} ms for a thread to read them (99th percentile, bound {bound:F1} ms). Latencies hold that delay."));
        }

        if (facts.Processor > BusyProcessors)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The generator was the bottleneck: it used {facts.Processor * 100:F0} % of this machine's processors."));
        }

        var bottleneck = warnings.Count > 0;
        if (driver.Waited > total.Requests / 100)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{driver.Waited:N0} requests waited because all {driver.Channels:N0} connections were busy; their wait is in the latency. Where real clients would open more, raise --connections."));
        }

        if (plan.Target.IsLoopback)
        {
            warnings.Add("The target runs on this machine and shares its processors with the generator; each took from the other.");
        }

        return new GeneratorFigures(
            bottleneck, Lag(50), lag, Lag(100), bound, facts.ThreadDelay, facts.Processor, Environment.ProcessorCount, plan.Target.IsLoopback, driver.Channels, driver.Waited, warnings);
    }
}
