using AiAssignments.InferenceServer.Hosting;

return await InferenceProgram.RunAsync(args).ConfigureAwait(false);
