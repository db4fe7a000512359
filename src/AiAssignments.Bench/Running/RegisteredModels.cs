using AiAssignments.Bench.Installations;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Running;

/// <summary>The models of an installation that answer.</summary>
/// <param name="All">As they are listed, at most <see cref="Most"/>.</param>
/// <param name="More">Whether there are more than that.</param>
internal sealed record RegisteredModels(IReadOnlyList<RegisteredModel> All, bool More)
{
    /// <summary>Most models that are measured.</summary>
    public const int Most = 20;

    /// <summary>The one that stands for serving and evaluating: <c>topic</c>, else the first that sorts texts; <c>null</c>: there is none.</summary>
    public RegisteredModel? Text { get; } = All.Where(model => model.Task == "text-classification").OrderBy(model => model.Name == "topic" ? 0 : 1).FirstOrDefault();

    public static async Task<RegisteredModels> ReadAsync(Installation installation, CancellationToken cancellationToken)
    {
        var models = new List<RegisteredModel>();
        foreach (var item in await installation.ListAsync("/api/models", Most + 1, cancellationToken).ConfigureAwait(false))
        {
            if (item.Text("name") is { } name && item.Text("task") is { } task && item.Text("active") is { } active)
            {
                models.Add(new RegisteredModel(name, active, task, [.. item.Items("labels").Select(label => label.ToString())]));
            }
        }

        return models.Count > 0 ? new RegisteredModels([.. models.Take(Most)], models.Count > Most) : throw new ProblemException("target-unfit", "The installation has no model to measure.", installation.Root);
    }
}
