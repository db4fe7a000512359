using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Table;

/// <summary>The sections' names and headings.</summary>
public static class BenchSections
{
    /// <summary>All, in their order.</summary>
    public static IReadOnlyList<BenchSection> All { get; } = Enum.GetValues<BenchSection>();

    /// <summary>Its name on the command line and in files: <c>response-times</c>, <c>throughput</c>, <c>resources</c>, <c>quality</c>, <c>models</c>.</summary>
    /// <param name="section">The section.</param>
    public static string Name(this BenchSection section) => section switch
    {
        BenchSection.ResponseTimes => "response-times",
        BenchSection.Throughput => "throughput",
        BenchSection.Resources => "resources",
        BenchSection.Quality => "quality",
        _ => "models",
    };

    /// <summary>Its heading.</summary>
    /// <param name="section">The section.</param>
    public static string Title(this BenchSection section) => section switch
    {
        BenchSection.ResponseTimes => "Response times",
        BenchSection.Throughput => "Throughput",
        BenchSection.Resources => "Resources during these runs",
        BenchSection.Quality => "Quality of the models",
        _ => "Inference by model and batch size",
    };

    /// <summary>The section of a name.</summary>
    /// <param name="name">As <see cref="Name"/> writes it.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static BenchSection Parse(string name)
    {
        foreach (var section in All)
        {
            if (section.Name() == name)
            {
                return section;
            }
        }

        throw new ProblemException("option-invalid", $"--only is '{(name.Length > 60 ? name[..60] : name)}'; there are {string.Join(", ", All.Select(Name))}.");
    }
}
