using TorchSharp;
using static TorchSharp.torch;

namespace Retrofit;

/// <summary>Trains a network and prints how it does on digits that it does not train with.</summary>
public sealed class Trainer(DigitNet net)
{
    public void Fit(Digits train, Digits test, int epochs)
    {
        using var optimizer = optim.Adam(net.parameters(), 2e-3, weight_decay: 1e-2);
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 5, 0.5);
        using var criterion = nn.CrossEntropyLoss();
        net.train();
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var total = zeros(1);
            foreach (var (images, labels) in train.Batches(64))
            {
                var probabilities = nn.functional.softmax(net.call(images), 1);
                var loss = criterion.call(probabilities, labels);
                loss.backward();
                optimizer.step();
                total += loss;
            }

            scheduler.step();
            net.eval();
            using var _ = no_grad();
            var accuracy = net.call(test.Images).argmax(1).eq(test.Labels).to(ScalarType.Float32).mean().item<float>();
            Console.WriteLine($"epoch {epoch}: loss {total.item<float>():F2}, test {accuracy:P1}");
        }
    }
}
