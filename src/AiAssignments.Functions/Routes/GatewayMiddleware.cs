using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace AiAssignments.Functions.Routes;

/// <summary>Authentication, limits, problems and figures around every HTTP function; nothing around the others.</summary>
internal sealed class GatewayMiddleware(GatewayFront gateway) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => context.GetHttpContext() is { } http ? GuardAsync(context, http, next) : next(context);

    private async Task GuardAsync(FunctionContext context, HttpContext http, FunctionExecutionDelegate next)
    {
        await gateway.GuardAsync(http, context.FunctionDefinition.Name, () => next(context)).ConfigureAwait(false);

        // Whatever the answer is, it is written.
        context.GetInvocationResult().Value = Results.Empty;
    }
}
