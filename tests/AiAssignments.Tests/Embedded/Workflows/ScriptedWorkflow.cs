using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Embedded.Workflows;

/// <summary>A workflow whose code is in the test.</summary>
internal sealed class ScriptedWorkflow(Func<IWorkflowContext, string, Task<string>> script) : IWorkflow<string, string>
{
    public Task<string> RunAsync(IWorkflowContext context, string input) => script(context, input);
}

/// <summary>A second one, called by the first.</summary>
internal sealed class InnerWorkflow(Func<IWorkflowContext, string, Task<string>> script) : IWorkflow<string, string>
{
    public Task<string> RunAsync(IWorkflowContext context, string input) => script(context, input);
}

/// <summary>An activity whose code is in the test.</summary>
internal sealed class WorkActivity(Func<string, CancellationToken, Task<string>> work) : IActivity<string, string>
{
    public Task<string> RunAsync(string input, CancellationToken cancellationToken) => work(input, cancellationToken);
}

/// <summary>Another one.</summary>
internal sealed class OtherActivity(Func<string, CancellationToken, Task<string>> work) : IActivity<string, string>
{
    public Task<string> RunAsync(string input, CancellationToken cancellationToken) => work(input, cancellationToken);
}
