using SourceNet.Corpus;

return await CorpusCommand.RunAsync(args, Console.Out, Console.Error);
