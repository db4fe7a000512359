using System.CommandLine;
using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Arrivals;

namespace AiAssignments.Cli.Commands;

/// <summary>When a load test sends.</summary>
internal sealed class LoadModelOptionSet
{
    private const int DefaultUsers = 10;

    private readonly Option<int?> users = new("--users") { Description = $"Closed model: users who each wait for their answer before they ask again. Default: {DefaultUsers}, where no rate or trace is given." };
    private readonly Option<string?> think = new("--think") { Description = "Closed model: a user's pause after an answer, for example 100ms." };
    private readonly Option<double?> rate = new("--rate") { Description = "Open model: requests a second, sent when they are due whatever the server does." };
    private readonly Option<bool> poisson = new("--poisson") { Description = "Open model: random (Poisson) instead of even spacing." };
    private readonly Option<ulong> seed = new("--seed") { Description = "Seed of --poisson.", DefaultValueFactory = _ => 42 };
    private readonly Option<double?> rampTo = new("--ramp-to") { Description = "Open model: go from --rate to this rate in a straight line." };
    private readonly Option<string?> rampOver = new("--ramp-over") { Description = "How long the ramp takes. Default: --duration." };
    private readonly Option<double?> spikeTo = new("--spike-to") { Description = "Open model: a spike of this rate." };
    private readonly Option<string?> spikeAt = new("--spike-at") { Description = "When the spike begins. Default: a third of --duration." };
    private readonly Option<string?> spikeFor = new("--spike-for") { Description = "How long the spike lasts. Default: a tenth of --duration." };
    private readonly Option<FileInfo?> trace = new("--trace") { Description = "Open model: replay a recorded trace, CSV or JSON Lines with offset (seconds), and if wanted method, path, body." };
    private readonly Option<double> traceSpeed = new("--trace-speed") { Description = "2: twice as fast.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> warmUp = new("--warm-up") { Description = "Time under the same load before the measured time, in no figure. Default: 3s; with --trace none." };
    private readonly Option<string?> duration = new("--duration") { Description = "The longest measured time. Default: 30s; with --trace the trace's own. It ends earlier when its estimates are stable: 95 % intervals of the mean within 5 % and of the 99th percentile within 10 %, by batch means." };

    public LoadModelOptionSet(Command command)
    {
        foreach (Option option in new Option[] { users, think, rate, poisson, seed, rampTo, rampOver, spikeTo, spikeAt, spikeFor, trace, traceSpeed, warmUp, duration })
        {
            command.Options.Add(option);
        }
    }

    public double? Rate(ParseResult parsed) => parsed.GetValue(rate);

    public ulong? PoissonSeed(ParseResult parsed) => parsed.GetValue(poisson) ? parsed.GetValue(seed) : null;

    public TimeSpan Duration(ParseResult parsed, IReadOnlyList<TraceEntry>? entries) => (parsed.GetValue(duration), entries) switch
    {
        ({ } text, _) => TimeText.Parse(text, "--duration"),

        // A little longer than the trace, so that the trace is what ends it; not past what may be asked for.
        (null, { } trace) => TimeSpan.FromTicks((long)Math.Min((trace[^1].Ticks / parsed.GetValue(traceSpeed)) + TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute * 59)),
        _ => TimeSpan.FromSeconds(30),
    };

    public TimeSpan WarmUp(ParseResult parsed) => parsed.GetValue(warmUp) is { } text ? TimeText.Parse(text, "--warm-up") : TimeSpan.FromSeconds(parsed.GetValue(trace) is null ? 3 : 0);

    public IReadOnlyList<TraceEntry>? Trace(ParseResult parsed)
    {
        if (parsed.GetValue(trace) is not { } file)
        {
            return null;
        }

        if (!file.Exists)
        {
            throw new ProblemException("trace-not-found", "There is no such file.", file.FullName);
        }

        using var reader = file.OpenText();
        return TraceFile.Read(reader, file.Name);
    }

    public LoadModel Read(ParseResult parsed, IReadOnlyList<TraceEntry>? entries)
    {
        var asked = new[] { parsed.GetValue(users) is not null, parsed.GetValue(rate) is not null, entries is not null }.Count(one => one);
        if (asked > 1)
        {
            throw new ProblemException("option-invalid", "The load is one of --users (closed model), --rate (open model) and --trace.");
        }

        if (entries is not null)
        {
            var speed = parsed.GetValue(traceSpeed);
            return speed is > 0 and <= 1_000
                ? new OpenModel(() => new TraceArrivals(entries, speed), Highest(entries) * speed, "trace", Steady: false)
                : throw new ProblemException("option-invalid", "--trace-speed must be above 0 and at most 1000.");
        }

        if (parsed.GetValue(rate) is not { } perSecond)
        {
            if (parsed.GetValue(poisson) || parsed.GetValue(rampTo) is not null || parsed.GetValue(spikeTo) is not null)
            {
                throw new ProblemException("option-invalid", "--poisson, --ramp-to and --spike-to go with --rate.");
            }

            return new ClosedModel(parsed.GetValue(users) ?? DefaultUsers, parsed.GetValue(think) is { } pause ? TimeText.Parse(pause, "--think") : TimeSpan.Zero);
        }

        return OpenModel.Of(Profile(parsed, perSecond), PoissonSeed(parsed), WarmUp(parsed));
    }

    private RateProfile Profile(ParseResult parsed, double perSecond)
    {
        var whole = Duration(parsed, null);
        TimeSpan Time(Option<string?> option, TimeSpan usual) => parsed.GetValue(option) is { } text ? TimeText.Parse(text, option.Name) : usual;
        return (parsed.GetValue(rampTo), parsed.GetValue(spikeTo)) switch
        {
            (not null, not null) => throw new ProblemException("option-invalid", "Ask for a ramp or a spike, not for both."),
            ({ } to, _) => RateProfile.Ramp(perSecond, to, Time(rampOver, whole)),
            (_, { } spike) => RateProfile.Spike(perSecond, spike, Time(spikeAt, whole / 3), Time(spikeFor, whole / 10)),
            _ => RateProfile.Constant(perSecond),
        };
    }

    // The most requests of any second of it: a trace too is held to the highest rate.
    private static double Highest(IReadOnlyList<TraceEntry> entries)
    {
        var (first, most) = (0, 0);
        for (var i = 0; i < entries.Count; i++)
        {
            while (entries[i].Ticks - entries[first].Ticks >= TimeSpan.TicksPerSecond)
            {
                first++;
            }

            most = Math.Max(most, i - first + 1);
        }

        return most;
    }
}
