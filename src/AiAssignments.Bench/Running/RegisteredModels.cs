using AiAssignments.Bench.Installations;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Running;

/// <summary>The models of an installation that answer.</summary>
/// <param name="All">By name, at most <see cref="Most"/>.</param>
internal sealed record RegisteredModels(IReadOnlyList<RegisteredModel> All)
{
    /// <summary>Most models that are measured.</summary>
    public const int Most = 20;

    /// <summary>The one that stands for serving and evaluating: <c>topic</c>, else the first that sorts texts; <c>null</c>: there is none.</summary>
    public RegisteredModel? Text { get; } = All.Where(model => model.Task == "text-classification").OrderBy(model => model.Name == "topic" ? 0 : 1).FirstOrDefault();

    public static async Task<RegisteredModels> ReadAsync(Installation installation, CancellationToken cancellationToken)
    {
        var models = new List<RegisteredModel>();
        foreach (var item in await installation.ListAsync("/api/models", Most, cancellationToken).ConfigureAwait(false))
        {
            if (item.Text("name") is { } name && item.Text("task") is { } task && item.Text("active") is { } active)
            {
                models.Add(new RegisteredModel(name, active, task, [.. item.Items("labels").Select(label => label.ToString())]));
            }
        }

        return models.Count > 0 ? new RegisteredModels([.. models.Take(Most)]) : throw new ProblemException("target-unfit", "The installation has no model to measure.", installation.Root);
    }
}

/// <summary>A model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version it stands for.</param>
/// <param name="Task">Wire name of what it does.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record RegisteredModel(string Name, string Version, string Task, IReadOnlyList<string> Labels)
{
    /// <summary>Where it is asked.</summary>
    public string PredictPath => $"/api/models/{Uri.EscapeDataString(Name)}/predict";
}
