using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Durable;

/// <summary>Brings the task hub's client to <see cref="TaskHubClient"/> before a function that has one runs. Touches no orchestration, which must not await anything before its own code.</summary>
internal sealed class TaskHubMiddleware(TaskHubClient hub) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FunctionDefinition.InputBindings.Values.FirstOrDefault(binding => binding.Type.Equals("durableClient", StringComparison.OrdinalIgnoreCase)) is { } binding
            ? BringAsync(context, binding, next)
            : next(context);

    private async Task BringAsync(FunctionContext context, BindingMetadata binding, FunctionExecutionDelegate next)
    {
        if ((await context.BindInputAsync<DurableTaskClient>(binding).ConfigureAwait(false)).Value is { } client)
        {
            hub.Use(client);
        }

        await next(context).ConfigureAwait(false);
    }
}
