using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Drops;

/// <summary>Takes in what was dropped where events tell of it: durable, because taking in gigabytes outlives an event's patience, and a passing fault must not lose a dataset.</summary>
public sealed class AcceptDrop : IWorkflow<DropRequest, DropTaken>
{
    private static readonly RetryPolicy Patient = new(6, TimeSpan.FromSeconds(5), 3, TimeSpan.FromMinutes(5), ["storage-locked", "storage-busy", "storage-unavailable"]);

    /// <inheritdoc />
    public Task<DropTaken> RunAsync(IWorkflowContext context, DropRequest input) => context.CallActivityAsync<TakeInDropActivity, DropRequest, DropTaken>(input, Patient);
}

/// <summary>Registers a dropped dataset or model, and starts what follows from it.</summary>
/// <param name="drops">The containers.</param>
public sealed class TakeInDropActivity(IDropIntake drops) : IActivity<DropRequest, DropTaken>
{
    /// <inheritdoc />
    public Task<DropTaken> RunAsync(DropRequest input, CancellationToken cancellationToken) => drops.TakeInAsync(input.Kind, input.Name, cancellationToken);
}
