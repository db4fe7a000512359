using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Running;

/// <summary>What the steps of one bench share.</summary>
internal sealed class BenchContext(BenchOptions options, BenchPace pace, Installation installation, RegisteredModels models, BenchCollector collector, string runId)
{
    public BenchOptions Options => options;

    public Installation Installation => installation;

    public RegisteredModels Models => models;

    public BenchCollector Collector => collector;

    public BenchPace Pace => pace;

    /// <summary>Letters and digits that no other bench has, so that nothing sent is in a cache.</summary>
    public string RunId => runId;

    /// <summary>Whether the installation is gone with the bench, so that nothing in it needs to be taken away at the end.</summary>
    public bool IsPrivate => options.Url is null;

    public bool Wants(BenchSection section) => options.Sections.Contains(section);

    /// <summary>Adds a figure if its section is asked for.</summary>
    public void Add(BenchFigure figure, double? value, BenchConditions? conditions = null)
    {
        if (value is { } measured && Wants(figure.Section))
        {
            collector.Add(figure, measured, conditions);
        }
    }
}
