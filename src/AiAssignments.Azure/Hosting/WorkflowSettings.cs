using AiAssignments.Core.Errors;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Azure.Hosting;

/// <summary>Settings of the workflows.</summary>
/// <param name="FanOutWidth"><c>Evaluations:FanOutWidth</c>: most shards of one evaluation that are scored at once, 1 to 1000. Default 32.</param>
/// <param name="Provider"><c>Workflows:Provider</c>: <c>AzureStorage</c> (default) or <c>DurableTaskScheduler</c>.</param>
/// <param name="ProfileMemory"><c>Workflows:ProfileMemory</c>: <c>true</c>: the memory of every activity is measured. Default <c>false</c>.</param>
/// <param name="JobDays"><c>Workflows:JobDays</c>: days that a job without a result is kept after its end, 1 to 3650. Default 30.</param>
public sealed record WorkflowSettings(int FanOutWidth, string Provider, bool ProfileMemory = false, int JobDays = 30)
{
    private const string Type = "AzureFunctionsJobHost:extensions:durableTask:storageProvider:type";

    /// <summary>Reads them, and holds the provider against what the Functions host is told: two settings that disagree would run on the wrong one without a word.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static WorkflowSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var provider = configuration["Workflows:Provider"] is { Length: > 0 } named ? named : "AzureStorage";
        if (provider is not ("AzureStorage" or "DurableTaskScheduler"))
        {
            throw new ProblemException("option-invalid", $"Workflows__Provider is '{provider}'; it must be AzureStorage or DurableTaskScheduler.");
        }

        var profile = configuration["Workflows:ProfileMemory"] is { Length: > 0 } wish
            ? bool.TryParse(wish, out var wished) ? wished : throw new ProblemException("option-invalid", "Workflows__ProfileMemory must be true or false.")
            : false;
        var managed = string.Equals(configuration[Type], "azureManaged", StringComparison.OrdinalIgnoreCase);
        return managed == (provider == "DurableTaskScheduler")
            ? new WorkflowSettings(
                (int)SettingNumbers.Whole(configuration, "Evaluations:FanOutWidth", 1, 1000, 32), provider, profile, (int)SettingNumbers.Whole(configuration, "Workflows:JobDays", 1, 3650, 30))
            : throw new ProblemException(
                "option-invalid",
                $"Workflows__Provider is {provider}, and {Type.Replace(":", "__", StringComparison.Ordinal)} is {(managed ? "azureManaged" : "not azureManaged")}; the scheduler needs azureManaged, storage needs none.");
    }
}
