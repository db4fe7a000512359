using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Context.Features;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Durable;

/// <summary>
/// Brings the task hub's client to <see cref="TaskHubClient"/> before a function that has one runs. It is bound as the function itself binds it, once for the
/// invocation: asked for by its binding alone, it would be read as JSON. Touches no orchestration, which must not await anything before its own code.
/// </summary>
internal sealed class TaskHubMiddleware(TaskHubClient hub) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type.Equals("durableClient", StringComparison.OrdinalIgnoreCase))
            ? BringAsync(context, next)
            : next(context);

    private async Task BringAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        var inputs = await context.Features.Get<IFunctionInputBindingFeature>()!.BindFunctionInputAsync(context).ConfigureAwait(false);
        if (inputs.Values.OfType<DurableTaskClient>().FirstOrDefault() is { } client)
        {
            hub.Use(client);
        }

        await next(context).ConfigureAwait(false);
    }
}
